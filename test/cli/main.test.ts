import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nativeBackend } from "../../src/tensorflow";
import { runNode } from "../support/run-node";

const root = join(__dirname, "..", "..", "..");
const gradamp = join(root, "bin", "gradamp.cjs");
const native = nativeBackend() !== null;

test("--help lists the commands with examples and exit codes, and each command has its own", () => {
  const { stdout, status } = runNode([gradamp, "--help"]);
  assert.equal(status, 0);
  assert.match(stdout, /setup \[options\][^]*doctor \[options\][^]*Examples:[^]*Exit codes: 0 done/);
  for (const command of ["setup", "doctor"])
    assert.match(runNode([gradamp, command, "--help"]).stdout, /Examples:\n {2}\$ gradamp[^]*Exit codes: 0/);
});

test("neither --help nor set-up loads TensorFlow", () => {
  const program = `
    const { main } = require(${JSON.stringify(join(root, "dist", "src", "cli", "main.js"))});
    process.stdout.write = () => true;
    main(process.argv.slice(1)).then((code) => {
      const loaded = Object.keys(require.cache).filter((file) => /@tensorflow.tfjs/.test(file) && file.endsWith(".js"));
      console.error(JSON.stringify({ code, loaded: loaded.length }));
    });`;
  assert.deepEqual(JSON.parse(runNode(["-e", program, "--", "--help"]).stderr), { code: 0, loaded: 0 });
  const { stderr } = runNode(["-e", program, "--", "setup", "--tensorflow", "/nonexistent"]);
  assert.match(
    stderr,
    /^gradamp: The folder \/nonexistent that --tensorflow names is not there\nRemedy: Check the path\n/,
  );
  assert.deepEqual(JSON.parse(stderr.trim().split("\n").at(-1) ?? ""), { code: 1, loaded: 0 });
});

test("a reader that stops reading is no error", async () => {
  const child = spawn(process.execPath, [gradamp, "train", "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const stderr = await text(child.stderr);
  assert.deepEqual([stderr, child.exitCode ?? (await once(child, "exit"))[0]], ["", 0]);
});

/** Words, exit code, what stderr says. */
const WRONG: [string[], number, RegExp][] = [
  [["no-such-command"], 2, /unknown command 'no-such-command'/],
  [["setup", "--no-such-option"], 2, /unknown option '--no-such-option'/],
  [["setup", "--cpu", "--gpu"], 2, /Expected one of --cpu, --gpu and --tensorflow but found several/],
  [["setup", "--tensorflow", "/nonexistent"], 1, /is not there\nRemedy: /],
];
for (const [words, code, message] of WRONG)
  test(`gradamp ${words.join(" ")} exits with ${code} and says why`, () => {
    const { status, stderr } = runNode([gradamp, ...words]);
    assert.equal(status, code);
    assert.match(stderr, message);
  });

test("setup --gpu asks before it downloads 2.9 GB", () => {
  const empty = mkdtempSync(join(tmpdir(), "gradamp-cache-"));
  const { status, stderr } = runNode([gradamp, "setup", "--gpu"], { environment: { GRADAMP_CACHE: empty } });
  rmSync(empty, { recursive: true });
  assert.equal(status, 1);
  assert.match(stderr, /2\.9 GB to download\. Go on\? Say so with --yes/);
});

test("setup --or-javascript lets the scripts go on, loudly", () => {
  const { status, stderr } = runNode([gradamp, "setup", "--tensorflow", "/nonexistent", "--or-javascript"]);
  assert.equal(status, 0);
  assert.match(stderr, /Remedy:[^]*plain JavaScript backend, which is SLOW/);
});

test(
  "doctor prints JSON with what a script asks for, and exits with 0 where TensorFlow runs",
  { skip: !native },
  () => {
    const { status, stdout } = runNode([gradamp, "doctor", "--json"]);
    const report = JSON.parse(stdout) as Record<string, unknown> & {
      libtensorflow: { version: string; path: string };
      devices: { type: string; memory: number; used: boolean }[];
      datasets: { name: string; path: string; present: boolean }[];
    };
    assert.equal(status, 0);
    assert.deepEqual([report["ok"], report["engines"], report["engine"]], [true, 1, "native"]);
    assert.deepEqual(report["training"], { engine: "graph", reason: null });
    assert.equal(report["node"], process.versions.node);
    assert.match(String(report["tfjs"]), /^4\.22\./);
    assert.match(report.libtensorflow.version, /^2\./);
    assert.match(report.libtensorflow.path, /libtensorflow/);
    assert.equal(report.devices.filter(({ used }) => used).length, 1);
    assert.ok(report.devices.every(({ type, memory }) => type !== "CPU" || memory > 1e8));
    assert.deepEqual(
      report.datasets.map(({ name }) => name),
      ["cifar-10", "cifar-100"],
    );
  },
);

test("a clone that was not built says so", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-unbuilt-"));
  mkdirSync(join(folder, "bin"));
  cpSync(gradamp, join(folder, "bin", "gradamp.cjs"));
  writeFileSync(join(folder, "package.json"), "{}");
  const { status, stderr } = runNode([join(folder, "bin", "gradamp.cjs"), "doctor"]);
  rmSync(folder, { recursive: true });
  assert.equal(status, 1);
  assert.match(stderr, /^gradamp is not built: .*\nRemedy: run `npm run build` in /);
});

test("doctor --gpu-plan says where a training's ops would run on a GPU, without one", { skip: !native }, () => {
  const training = ["--model", "vgg08", "--width", "4", "--batch-size", "100", "--precision", "bfloat16"];
  const { status, stdout } = runNode([gradamp, "doctor", "--gpu-plan", "--json", "--", ...training]);
  const { tensorflow, functions } = JSON.parse(stdout) as {
    tensorflow: string;
    functions: { name: string; onCard: number; fallbacks: unknown[]; crossings: { bytes: number }[] }[];
  };
  assert.equal(status, 0);
  assert.match(tensorflow, /^2\./);
  const step = functions.find(({ name }) => name === "train_body")!;
  assert.ok(step.onCard > 100);
  assert.deepEqual(step.fallbacks, []);
  // A batch's sample numbers are the most that goes to the card.
  assert.equal(Math.max(...step.crossings.map(({ bytes }) => bytes)), 400);
  assert.ok(functions.some(({ name }) => name === "evaluate_body"));
});

test("doctor --gpu-plan refuses what train would, and doctor alone a training", () => {
  const wrong = runNode([gradamp, "doctor", "--gpu-plan", "--", "--model", "vgg8"]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /vgg08/);
  const alone = runNode([gradamp, "doctor", "--", "--model", "vgg08"]);
  assert.equal(alone.status, 2);
  assert.match(alone.stderr, /--gpu-plan/);
});
