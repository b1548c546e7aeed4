import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { nativeBackend } from "../../src/tensorflow";
import { makeFallbackClone, PRESERVE } from "../support/fallback-clone";
import { runNode } from "../support/run-node";

const here = join(__dirname, "..", "..", "..");
const native = nativeBackend() !== null;

/** Trains a convolution for a step and prints the gradient, the backend and how many engines are loaded. */
const STEP = `
  const { tf, javascriptFallback } = require("./dist/src/tensorflow");
  const { countEngines } = require("./dist/src/tensorflow/doctor");
  const x = tf.ones([1, 4, 4, 1]);
  const gradient = tf.grad((k) => tf.conv2d(x, k, 1, "valid").square().sum())(tf.ones([3, 3, 1, 1]));
  console.log(JSON.stringify({ backend: tf.getBackend(), gradient: [...gradient.dataSync()], engines: countEngines(), javascriptFallback }));`;

/** Uses danfo and gradamp in one process and shows that they share tensors. */
const withDanfo = (imports: string) => `
  ${imports}
  const { countEngines } = require("./dist/src/tensorflow/doctor");
  const frame = new danfo.DataFrame({ epoch: [1, 2, 3], loss: [2.5, 1.5, 0.5] });
  frame.print();
  frame.describe().print();
  const mean = tf.tidy(() => frame.tensor.mean(0).dataSync());
  console.log(JSON.stringify({ mean: [...mean], same: frame.tensor instanceof tf.Tensor, engines: countEngines() }));`;
const DANFO = 'const danfo = require("danfojs-node");';
const DOOR = 'const { tf } = require("./dist/src/tensorflow");';

const lastLine = (text: string) => JSON.parse(text.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;

test("native TensorFlow computes, and writes nothing to stderr: no greeting, no deprecation", { skip: !native }, () => {
  const { status, stdout, stderr } = runNode(["-e", STEP], { cwd: here });
  assert.equal(stderr, "");
  assert.equal(status, 0);
  const { backend, gradient, engines, javascriptFallback } = lastLine(stdout);
  assert.deepEqual([backend, engines, javascriptFallback], ["tensorflow", 1, null]);
  assert.deepEqual(gradient, new Array(9).fill(72));
});

test("TF_CPP_MIN_LOG_LEVEL brings TensorFlow's own lines back", { skip: !native }, () => {
  const { stderr } = runNode(["-e", STEP], { cwd: here, environment: { TF_CPP_MIN_LOG_LEVEL: "0" } });
  assert.match(stderr, /^I0000 .*(oneDNN custom operations|TensorFlow binary is optimized)/m);
});

for (const [order, imports] of [
  ["before", DANFO + DOOR],
  ["after", DOOR + DANFO],
] as const)
  test(`danfojs-node, imported ${order} gradamp, shares its one engine`, () => {
    const { stdout, status } = runNode(["-e", withDanfo(imports)], { cwd: here });
    assert.equal(status, 0);
    assert.match(stdout, /epoch[^]*loss[^]*2\.5/);
    assert.match(stdout, /mean[^]*1\.5/);
    assert.deepEqual(lastLine(stdout), { mean: [2, 1.5], same: true, engines: 1 });
  });

describe("where TensorFlow is not set up", () => {
  let clone: string;
  before(() => {
    clone = makeFallbackClone();
  });
  after(() => rmSync(clone, { recursive: true, force: true }));
  const run = (program: string) => runNode([...PRESERVE, "-e", program], { cwd: clone });
  const LOUD = /^gradamp: SLOW, [^\n]*because [^\n]*not set up[^\n]*Remedy: gradamp setup\n$/;

  test("tfjs computes the same in plain JavaScript, after exactly one loud line", () => {
    const { stdout, stderr, status } = run(STEP);
    assert.equal(status, 0);
    assert.match(stderr, LOUD);
    const { backend, gradient, engines, javascriptFallback } = lastLine(stdout);
    assert.deepEqual([backend, engines], ["cpu", 1]);
    assert.match(String(javascriptFallback), /not set up/);
    assert.deepEqual(gradient, new Array(9).fill(72));
  });

  test("danfojs-node shares the JavaScript engine, whichever comes first", () => {
    for (const imports of [DANFO + DOOR, DOOR + DANFO]) {
      const { stdout, stderr } = run(withDanfo(imports));
      assert.match(stderr, LOUD);
      assert.deepEqual(lastLine(stdout), { mean: [2, 1.5], same: true, engines: 1 });
    }
  });

  test("models are saved and loaded by file:// all the same", () => {
    const folder = mkdtempSync(join(tmpdir(), "gradamp-model-"));
    const { stdout } = run(`${DOOR}
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
      const before = model.predict(tf.ones([1, 2])).dataSync()[0];
      model.save("file://${folder}").then(() => tf.loadLayersModel("file://${folder}/model.json")).then((loaded) =>
        console.log(JSON.stringify({ equal: loaded.predict(tf.ones([1, 2])).dataSync()[0] === before })));`);
    rmSync(folder, { recursive: true });
    assert.deepEqual(lastLine(stdout), { equal: true });
  });

  const doctor = (...words: string[]) =>
    runNode([...PRESERVE, join(clone, "bin", "gradamp.cjs"), "doctor", ...words], {
      cwd: clone,
      environment: { NODE_OPTIONS: PRESERVE.join(" ") },
    });

  test("doctor says so, with the remedy, and exits with 1", () => {
    const { stdout, status } = doctor("--json");
    const report = JSON.parse(stdout) as Record<string, unknown> & { training: { engine: string; reason: string } };
    assert.equal(status, 1);
    assert.deepEqual(
      [report["ok"], report["engine"], report["libtensorflow"], report["engines"]],
      [false, "javascript", null, 1],
    );
    assert.equal(report.training.engine, "eager");
    assert.match(report.training.reason, /^tfjs runs in plain JavaScript: .*not set up/);
    assert.match(JSON.stringify(report["problems"]), /plain JavaScript[^]*gradamp setup/);
    assert.match(doctor().stdout, /^training +op by op, because tfjs runs in plain JavaScript: .*not set up/m);
  });

  test("an addon that leads nowhere is told apart from one that was never there", () => {
    const program = `require("node:fs").mkdirSync("node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8", { recursive: true });
      require("node:fs").symlinkSync("/nonexistent/addon", "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node");
      ${DOOR} console.log(JSON.stringify({ backend: tf.getBackend() }));`;
    const { stdout, stderr } = run(program);
    assert.match(stderr, /^gradamp: SLOW[^\n]* is gone\. Remedy: gradamp setup\n$/);
    assert.deepEqual(lastLine(stdout), { backend: "cpu" });
  });
});
