import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readRun, readRunInfo } from "../../src/runs";
import { numbers } from "../runs/recording/support";
import { temporaryFolder } from "../runs/support";
import { runNode } from "../support/run-node";

const gradamp = join(__dirname, "..", "..", "..", "bin", "gradamp.cjs");
const folder = temporaryFolder({ after } as never);
const small = ["--model", "vgg08", "--width", "4", "--data", "embedded", "--train-images", "60", "--validation-images", "20", "--test-images", "20", "--batch-size", "20", "--engine", "eager"]; // prettier-ignore
const train = (...words: string[]) => runNode([gradamp, "train", ...words]);
const lines = (text: string) => text.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore

interface Shown {
  readonly state: string;
  readonly options: Record<string, unknown>;
  readonly epochs: readonly Record<string, number | null>[];
}

test("a run from the command line: its rows, its result, and the same again when nothing is left to do", () => {
  const run = join(folder, "first");
  const words = [...small, "--epochs", "2", "--seed", "7", "--run", run, "--json"];
  const first = train(...words);
  assert.equal(first.status, 0, first.stderr);
  const result = JSON.parse(first.stdout) as Record<string, unknown>;
  const [, last] = readRun(run).epochs;
  assert.deepEqual([result["run"], result["status"], result["epoch"], result["last"]], [run, "finished", 2, last]);
  assert.deepEqual(result["best"], readRunInfo(run).best);
  assert.match(first.stderr, /vgg08: finished after 2 epochs/);

  const again = train(...words, "--progress", "none");
  assert.deepEqual([again.status, again.stdout, again.stderr], [0, first.stdout, ""]);
  const resumed = train("--resume", run, "--json");
  assert.deepEqual([resumed.status, resumed.stdout], [0, first.stdout]);

  const shown = JSON.parse(runNode([gradamp, "runs", "show", run, "--json"]).stdout) as Shown;
  assert.deepEqual(
    [shown.state, shown.options["seed"], shown.epochs.map(({ epoch }) => epoch)],
    ["finished", 7, [1, 2]],
  );
  for (const column of ["trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy"])
    assert.ok(
      shown.epochs.every((row) => Number.isFinite(row[column])),
      column,
    );
});

test("a run stopped with --until goes on with --resume, to the numbers of the one above", () => {
  const run = join(folder, "stopped");
  const stopped = train(...small, "--epochs", "2", "--seed", "7", "--run", run, "--until", "1");
  assert.equal(stopped.status, 0, stopped.stderr);
  assert.match(stopped.stdout, /interrupted after 1 of 2 epochs[^]*go on with: gradamp train --resume /);
  const rest = train("--resume", run, "--progress", "json");
  assert.equal(rest.status, 0, rest.stderr);
  assert.deepEqual(numbers(readRun(run)), numbers(readRun(join(folder, "first"))));
  const events = lines(rest.stderr);
  assert.deepEqual(
    events.filter(({ event }) => event !== "progress").map(({ event }) => event),
    ["epoch", "end"],
  );
  assert.ok(events.some(({ event, epoch, steps }) => event === "progress" && epoch === 2 && steps === 3));
});

test("a configuration is a trial, and flags change it", () => {
  const config = join(folder, "trial.json");
  const { trial } = readRunInfo(join(folder, "first"))["config"] as { trial: object };
  writeFileSync(config, JSON.stringify({ ...trial, name: "other", epochs: 5, run: { engine: "eager", keep: [1] } }));
  const run = join(folder, "configured");
  const { status, stderr } = train("--config", config, "--epochs", "2", "--run", run, "--progress", "none");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.deepEqual(numbers(readRun(run)), numbers(readRun(join(folder, "first"))));
  assert.equal(readRunInfo(run).name, "other");

  const fork = join(folder, "fork");
  const words = ["--config", config, "--epochs", "2", "--run", fork, "--from", `${run}@1`, "--progress", "none"];
  assert.equal(train(...words).status, 0);
  assert.deepEqual(numbers(readRun(fork)), numbers(readRun(run)));
  const other = train("--config", config, "--seed", "8", "--run", join(folder, "x"), "--from", `${run}@1`);
  assert.deepEqual([other.status, existsSync(join(folder, "x", "run.json"))], [2, false]);
  assert.match(other.stderr, /options\.seed 7, but found 8: fork from a run that began alike/);
});

/** Words, what stderr says. */
const WRONG: [string[], RegExp][] = [
  [["--data", "embedded"], /Expected a network to train but found none: --model vgg08, say/],
  [["--model", "vgg08"], /Expected data to train on but found none/],
  [
    ["--model", "vgg09", "--data", "embedded"],
    /Expected --model to be vgg08, .* but found "vgg09": did you mean vgg08\?/,
  ],
  [["--model", "vgg08", "--data", "mnist"], /Expected --data to be embedded, cifar-10, cifar-100 or embedded-100 but found "mnist"/], // prettier-ignore
  [[...small, "--epochs", "two"], /argument 'two' is invalid. Expected a number/],
  [[...small, "--epochs", "0"], /Expected epochs to be a whole number above 0 but found 0/],
  [[...small, "--optimizer", "adagrad"], /Allowed choices are sgd, adam/],
  [[...small, "--learning-rate", "fast"], /Expected a learning rate like 0\.1, cosine\(0\.001, min 0\.00002\)/],
  [
    [...small, "--strategy", "S1_0.5", "--group", "bn", "--epochs", "3"],
    /Expected epochs to be the last stage's end, 150, but found 3/,
  ],
  [[...small, "--strategy", "S3"], /Expected a strategy of the form "S1_0.7"/],
  [[...small, "--directionality", "G"], /Expected --threshold with --directionality but found none/],
  [[...small, "--measure", "happiness"], /Expected a statistic to be one of/],
  [["--resume", "/nonexistent"], /Expected a run in \/nonexistent but found none/],
  [["--resume", "x", "--run", "y"], /Expected --resume alone but found more/],
  [["--config", "/nonexistent.json"], /Expected to read \/nonexistent.json but there is no such file/],
  [[...small, "--from", "somewhere"], /Expected from to be of the form FOLDER@EPOCH but found "somewhere"/],
];
describe("a command line that makes no sense exits with 2, says why and writes nothing", () => {
  for (const [words, message] of WRONG)
    test(words.slice(-4).join(" "), () => {
      const run = join(folder, "wrong");
      const own = words.includes("--resume") ? words : [...words, "--run", run];
      const { status, stderr } = train(...own);
      assert.match(stderr, message);
      assert.deepEqual([status, existsSync(join(run, "run.json"))], [2, false]);
    });
});

test("another configuration for a run that is there is refused, naming the difference", () => {
  const run = join(folder, "first");
  const before = readFileSync(join(run, "run.json"), "utf8");
  const { status, stderr } = train(...small, "--epochs", "2", "--seed", "8", "--run", run);
  assert.equal(status, 2);
  assert.match(stderr, /which has ended with seed 7, but found 8: choose another folder/);
  assert.equal(readFileSync(join(run, "run.json"), "utf8"), before);
});

test("a loss that is not finite exits with 3, and says where it began", () => {
  const run = join(folder, "diverged");
  const words = [...small, "--epochs", "3", "--learning-rate", "1e30", "--run", run];
  const { status, stdout, stderr } = train(...words);
  assert.equal(status, 3, stderr);
  assert.match(stdout, /diverged after \d of 3 epochs[^]*not finite since step \d+ \(epoch \d\) in layer \w+ \(\w+\)/);
  assert.match(stderr, /The training loss of epoch \d is NaN: the first gradient that is not finite was seen at step/);
  assert.equal(train(...words).status, 3);
});

describe("signals end a run that can go on", () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 75],
    ["SIGUSR1", 75],
  ] as const)
    test(`${signal}: exit code ${code}`, async () => {
      const run = join(folder, signal);
      const words = [...small, "--epochs", "200", "--run", run, "--progress", "json"];
      const child = spawn(process.execPath, [gradamp, "train", ...words]);
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      let told = "";
      child.stderr.on("data", (text) => {
        told += String(text);
        // Once an epoch is over there is something to go on from; a second signal would end it at once.
        const before = told.length - String(text).length;
        if (told.includes('"event":"epoch"') && !told.slice(0, before).includes('"event":"epoch"')) child.kill(signal);
      });
      assert.equal(await ended, code, told);
      const info = readRunInfo(run);
      assert.equal(info.status, "interrupted");
      assert.ok(info.progress!.epoch >= 1 && info.progress!.epoch < 200);
      assert.equal(info.progress!.epoch, readRun(run).epochs.length);
    });
});

test("a second process on the same run exits with 4 and leaves it alone", async () => {
  const run = join(folder, "held");
  const words = [...small, "--epochs", "200", "--run", run, "--progress", "json"];
  const child = spawn(process.execPath, [gradamp, "train", ...words]);
  const ended = new Promise((resolve) => child.once("close", resolve));
  await new Promise<void>((resolve) => child.stderr.once("data", () => resolve()));
  const second = train(...words);
  assert.equal(second.status, 4);
  assert.match(second.stderr, new RegExp(`Expected nobody else to write .* but found that process ${child.pid} on`));
  child.kill("SIGKILL");
  await ended;
});
