import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { readSweepFile } from "../../src/cli/sweep/read-sweep-file";
import { SweepDisplay } from "../../src/cli/sweep/sweep-display";
import { sweepLine } from "../../src/session/follow-sweep";
import { trials } from "../../src/experiments";
import type { SweepSnapshot, TaskRow } from "../../src/sweeps";
import { runNode } from "../support/run-node";

const gradamp = join(__dirname, "..", "..", "..", "bin", "gradamp.cjs");
const base = mkdtempSync(join(tmpdir(), "gradamp-cli-sweep-"));
after(() => rmSync(base, { recursive: true, force: true }));
let count = 0;
const fileOf = (content: unknown) => {
  const path = join(base, `file-${count++}.json`);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const tiny = { model: { name: "vgg08", options: { width: 4 } }, dataset: { name: "embedded", classes: 10, train: 40 }, epochs: 2 }; // prettier-ignore

describe("a sweep's file", () => {
  test("lists trials, of which all but model and data set may be left out", async () => {
    const [first, second] = await readSweepFile(fileOf([tiny, { ...tiny, seed: 4, name: "other one" }]));
    assert.deepEqual(
      [first?.id, first?.batchSize, first?.epochs, first?.seed],
      ["vgg08-embedded-original-0", 128, 2, 0],
    );
    assert.deepEqual([second?.id, second?.seed], ["other_one-4", 4]);
  });

  test("names a paper's protocol", async () => {
    const found = await readSweepFile(fileOf({ protocol: { paper: "ga", part: "s2", scope: "parameters" } }));
    assert.deepEqual(found, trials("ga", { part: "s2", scope: "parameters" }));
  });

  test("varies fields, at any depth, in all combinations", async () => {
    const vary = { seed: [1, 2, 3], "model.options.width": [4, 8] };
    const found = await readSweepFile(fileOf({ base: tiny, vary }));
    assert.deepEqual(
      found.map(({ seed, model }) => [seed, model.options.width]),
      [1, 2, 3].flatMap((seed) => [4, 8].map((width) => [seed, width])),
    );
    assert.equal(new Set(found.map(({ id }) => id)).size, 6);
  });

  const wrong: [string, unknown, RegExp][] = [
    ["no JSON", "trials", /Expected .* to hold JSON but found no JSON/],
    ["nothing known", { trial: [] }, /trials, a protocol, or base and vary but found trial/],
    [
      "a trial without a network",
      [tiny, { dataset: tiny.dataset }],
      /Trial 2: Expected a network to train but found none/,
    ],
    [
      "more combinations than anybody trains",
      { base: tiny, vary: Object.fromEntries([..."abcdefgh"].map((name) => [name, [..."0123456789"]])) },
      /Expected vary to make at most 100,000 trials but found 100,000,000 combinations/,
    ],
    ["no values", { base: tiny, vary: { seed: 3 } }, /vary\.seed to list values but found 3/],
    ["a path that leads nowhere", { base: tiny, vary: { "stages.group": ["bn"] } }, /Expected base to have stages/],
    ["a part that is not there", { protocol: { paper: "ga", part: "s9" } }, /Expected a part of ga/],
  ];
  for (const [name, content, message] of wrong)
    test(`is refused with ${name}`, () => assert.rejects(readSweepFile(fileOf(content)), message));
});

const rowOf = (of: Partial<TaskRow>): TaskRow => ({ task: "a", kind: "trial", status: "waiting", first: 1, last: 10, epoch: 0, secondsPerEpoch: null, etaSeconds: null, message: null, where: null, ...of }); // prettier-ignore
const stateOf = (rows: TaskRow[], of: Partial<SweepSnapshot> = {}): SweepSnapshot => ({
  rows,
  trials: { total: 3, done: 1, failed: 0, running: 1 },
  epochs: { asked: 60, planned: 40, done: 13 },
  etaSeconds: 95,
  ...of,
});

describe("progress", () => {
  const running = rowOf({ status: "running", epoch: 3, secondsPerEpoch: 12.3, etaSeconds: 86, where: "pid 77" });

  test("is one line for the whole sweep, with the time that is left", () => {
    assert.equal(sweepLine("s", stateOf([running])), "s: 1 of 3 trials, 32 % of 40 epochs, 1 running, 1 min 35 s left");
    const over = stateOf([rowOf({ status: "failed" })], { trials: { total: 3, done: 2, failed: 1, running: 0 }, etaSeconds: null }); // prettier-ignore
    assert.equal(sweepLine("s", over), "s: 2 of 3 trials, 32 % of 40 epochs, 1 failed");
  });

  test("on a terminal is a table of what is trained, redrawn in place", () => {
    let written = "";
    let time = 0;
    const output = { isTTY: true, columns: 70, rows: 24, write: (text: string) => (written += text) };
    const display = new SweepDisplay("s", { output, now: () => time });
    display.update(stateOf([running, rowOf({ task: "b", status: "held", message: "another process trains it" })]));
    const lines = written.split("\n");
    assert.equal(lines[0], "s: 1 of 3 trials, 32 % of 40 epochs, 1 running, 1 held, 1 min 35 s le");
    assert.match(lines[1] ?? "", /^ {2}a {2}epoch 3 of 10 {2}12 s each {2}1 min 26 s left +pid 77$/);
    assert.match(lines[2] ?? "", /^ {2}b {2}epoch 0 of 10 +another process trains it/);
    written = "";
    time = 100;
    display.update(stateOf([running]));
    assert.equal(written, "", "not more than five times a second");
    time = 300;
    display.update(stateOf([running]));
    assert.ok(written.startsWith("\x1b[3A\x1b[0J"));
  });

  test("elsewhere is a line every half minute, and one for each trial that fails", () => {
    const written: string[] = [];
    let time = 0;
    const display = new SweepDisplay("s", { output: { write: (text: string) => written.push(text) }, now: () => time });
    const failed = stateOf([rowOf({ status: "failed", message: "exit code 1: out of memory" })]);
    display.update(stateOf([running]));
    time = 1000;
    display.update(failed);
    display.update(failed);
    time = 31_000;
    display.update(failed);
    assert.equal(written.filter((line) => line === "a failed: exit code 1: out of memory\n").length, 1);
    assert.equal(written.length, 3);
  });
});

describe("gradamp sweep", () => {
  test("--dry-run shows what is trained in how many epochs, and writes nothing", () => {
    const file = fileOf({ protocol: { paper: "iga", part: "params1" } });
    const out = join(base, "dry");
    const { status, stdout, stderr } = runNode([gradamp, "sweep", file, "--out", out, "--dry-run", "--json"]);
    assert.equal(status, 0, stderr);
    const { epochs, tasks } = JSON.parse(stdout) as { epochs: object; tasks: { id: string; tentative: boolean }[] };
    assert.deepEqual(epochs, { asked: 68_400, planned: 6 * 51 + 456 * 99 });
    assert.equal(tasks.filter(({ tentative }) => tentative).length, 456);
    assert.match(stderr, /456 trials in 462 processes: 45,450 epochs instead of 68,400/);
    assert.equal(existsSync(out), false);
  });

  test("a wrong file, folder or option ends with 2 and says why", () => {
    for (const [words, message] of [
      [[join(base, "none.json")], /Expected to read .*none\.json but there is no such file: check the path/],
      [[base], /Expected trials for .* but found none/],
      [[fileOf([tiny]), "--jobs", "0"], /Expected a whole number above 0/],
      [[fileOf([tiny]), "--engine", "cloud"], /Allowed choices are local, slurm/],
      [[fileOf([{ ...tiny, id: "../../evil" }])], /Expected a trial's id to be a name .* but found "\.\.\/\.\.\/evil"/],
      [[fileOf([tiny]), "--threads", "1e6"], /Expected threads to be a whole number from 1 to 1024 but found 1000000/],
      [[fileOf([tiny]), "--engine", "slurm", "--gpus", "0,1"], /Expected gpus on Slurm to be how many .* found "0,1"/],
      [[fileOf([tiny]), "--engine", "slurm", "--partition", "a\ntouch b"], /partition to be one line .* "a\\ntouch b"/],
    ] as const) {
      const { status, stderr } = runNode([gradamp, "sweep", ...words]);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    }
  });
});

describe("gradamp reproduce", () => {
  test("--dry-run counts a scale's trials and epochs", () => {
    const { status, stderr } = runNode([gradamp, "reproduce", "vgp", "--dry-run", "--out", join(base, "vgp")]);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /42 trials in 42 processes: 420 epochs instead of 420/);
  });

  test("several readings are a sweep each, in a folder of its own", () => {
    const out = join(base, "readings");
    const words = ["--scale", "demo", "--scope", "backprop", "parameters", "--reading-of-g", "G", "GNet", "--dry-run"];
    const { status, stderr } = runNode([gradamp, "reproduce", "iga", ...words, "--out", out]);
    assert.equal(status, 0, stderr);
    for (const [at, name] of ["backprop-G", "backprop-GNet", "parameters-G", "parameters-GNet"].entries())
      assert.match(stderr, new RegExp(`^${name}, ${at + 1} of 4 readings$`, "m"));
    assert.equal(stderr.match(/trials in \d+ processes/g)?.length, 4);
  });

  test("asks for CIFAR before any process is started", () => {
    const environment = { GRADAMP_DATA: base };
    const words = ["reproduce", "vgp", "--out", join(base, "no-data")];
    const { status, stderr } = runNode([gradamp, ...words], { environment });
    assert.equal(status, 1);
    assert.match(stderr, /Expected cifar-100 but found none: run `gradamp data download cifar-100`/);
  });

  test("a paper, scale or network that is not there ends with 2", () => {
    for (const [words, message] of [
      [["nobody"], /one of vgp, ga, iga but found nobody/],
      [["ga", "--scale", "tiny"], /Allowed choices are demo, short, paper/],
      [["ga", "--models", "vgg38"], /Expected a network of ga .* but found vgg38/],
      [["ga", "--reading-of-g", "GNet"], /Expected readingOfG with the paper "iga" alone/],
      [["ga", "--weight-decay", ""], /Expected a number of 0 or more/],
      [["iga", "--scope", "backprop", "nowhere"], /Allowed choices are backprop, parameters, input/],
      [["ga", "--scope", "backprop", "input", "--json", "--dry-run"], /Expected one reading with --json/],
    ] as const) {
      const { status, stderr } = runNode([gradamp, "reproduce", ...words]);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    }
  });
});

test("a sweep's file is read with a byte-order mark and carriage returns", async () => {
  const text = `\ufeff${JSON.stringify([tiny], null, 1).replaceAll("\n", "\r\n")}\r\n`;
  assert.equal((await readSweepFile(fileOf(text))).length, 1);
});
