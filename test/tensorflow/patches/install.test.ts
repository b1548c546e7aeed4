/** The list of changes to tfjs: complete, made once, and there after whatever happens to tfjs's backends. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compile } from "../../../src/graph";
import { install, tfjsPatches } from "../../../src/session";
import { nativeBackend, type Tensor, type Tensor4D, tf } from "../../../src/tensorflow";
import { runNode } from "../../support/run-node";

const root = join(__dirname, "..", "..", "..", "..");
const source = join(root, "src");
const native = { skip: !nativeBackend() && "needs native TensorFlow" };

test("each patch has a name of its own and says what it changes, why, and for which versions", () => {
  const names = tfjsPatches.map(({ name }) => name);
  assert.deepEqual([...new Set(names)], names);
  for (const { name, changes, reason, writtenFor } of tfjsPatches) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    assert.match(writtenFor, /^(tfjs|tfjs-node) \d/, name);
    for (const text of [changes, reason]) assert.ok(text.length > 10, name);
  }
});

test("docs/tfjs.md lists the patches as the code does", () => {
  const page = readFileSync(join(root, "docs", "tfjs.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  assert.deepEqual(
    rows
      .map((row) => row.split("|").slice(1, -1))
      .map(([name, ...rest]) => [name!.replaceAll("`", ""), ...rest].map((cell) => cell.trim())),
    tfjsPatches.map(({ name, changes, reason, writtenFor }) => [name, changes, reason, writtenFor]),
  );
});

test("nothing but the patches changes tfjs", () => {
  /** Where tfjs is changed, and for how long. */
  const known = [
    /^tensorflow\/patches\//,
    // Methods that the prototypes lack: a patch of the list.
    /^display\/values\/show-methods\.ts$/,
    // Methods that refuse where a run is training: another one.
    /^training\/guard-models\.ts$/,
    // Names of classes for saved models: another one.
    /^layers\/registered-layers\.ts$/,
    // Only while a step is traced.
    /^graph\/traced-optimizers\.ts$/,
    // What the kernel does in the processes of cells, to whichever tfjs they load.
    /^kernel\/cells\/tfjs\//,
    // tslab's own.
    /^cell\/tslab-cell\.ts$/,
  ];
  const changes = /\b(un)?register(Kernel|Gradient)\(|\bprototype\.\w+ = |\bregisterClass\(/;
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const guilty = files.filter(
    (file) =>
      !known.some((pattern) => pattern.test(file)) &&
      // The command `gradamp kernel` registers a kernel of another kind.
      changes.test(readFileSync(join(source, file), "utf8").replace(/registerKernel\(program/g, "")),
  );
  assert.deepEqual(guilty, []);
});

test("a second install changes nothing", native, () => {
  const kernels = () =>
    ["Conv2D", "Concat", "Round", "GatherV2"].map((name) => tf.getKernel(name, "tensorflow").kernelFunc);
  const gradients = () => ["Relu", "Concat", "Tile"].map((name) => tf.getGradient(name).gradFunc);
  install();
  const before = [...kernels(), ...gradients(), tf.Tensor.prototype.show];
  install();
  const after = [...kernels(), ...gradients(), tf.Tensor.prototype.show];
  assert.ok(after.every((made, i) => made === before[i]));
});

test("install mends what was registered anew", native, () => {
  const kernel = tf.getKernel("Round", "tensorflow");
  tf.unregisterKernel("Round", "tensorflow");
  const zeros: typeof kernel.kernelFunc = ({ inputs }) => tf.zerosLike(inputs["x"] as never);
  tf.registerKernel({ ...kernel, kernelFunc: zeros });
  assert.deepEqual([...tf.round(tf.tensor1d([3], "int32")).dataSync()], [0]);
  install();
  assert.deepEqual([...tf.round(tf.tensor1d([3], "int32")).dataSync()], [3]);
  tf.unregisterKernel("Round", "tensorflow");
  tf.registerKernel(kernel);
});

/** Convolutions of gradamp's own sizes and of TensorFlow's, their gradients, and a batch norm's training step. */
function numbers(): number[] {
  return tf.tidy(() => {
    const x = tf.randomNormal([4, 16, 16, 16], 0, 1, "float32", 1) as Tensor4D;
    const filter = tf.randomNormal([3, 3, 16, 16], 0, 1, "float32", 2) as Tensor4D;
    const sum = (x: Tensor, filter: Tensor) =>
      tf
        .conv2d(x as Tensor4D, filter as Tensor4D, 1, "same")
        .square()
        .sum();
    const [dx, dfilter] = tf.grads(sum)([x, filter]);
    const results = [
      sum(x, filter),
      dx!.abs().sum(),
      dfilter!.abs().sum(),
      tf.conv2d(x, filter, 1, "valid").sum(),
      (tf.layers.batchNormalization().apply(x, { training: true }) as Tensor).abs().sum(),
      compile(sum)(x, filter),
    ];
    return results.map((result) => result.dataSync()[0]!);
  });
}

test("everything is as before after a reset of the engine, with or without setBackend", native, async () => {
  const before = numbers();
  tf.engine().reset();
  await tf.setBackend("tensorflow");
  assert.deepEqual(numbers(), before);
  tf.engine().reset();
  assert.deepEqual(numbers(), before);
});

test("everything is as before after another backend was in use", native, async () => {
  const before = numbers();
  await tf.setBackend("cpu");
  assert.deepEqual([...tf.round(tf.tensor1d([3], "int32")).dataSync()], [3]);
  await tf.setBackend("tensorflow");
  assert.deepEqual(numbers(), before);
});

test("everything is as before after the backend was removed and registered again", native, async () => {
  const before = numbers();
  const factory = tf.findBackendFactory("tensorflow");
  tf.removeBackend("tensorflow");
  tf.registerBackend("tensorflow", factory, 3);
  await tf.setBackend("tensorflow");
  assert.deepEqual(numbers(), before);
});

test("danfo, which asks for another tfjs, has the patched one", native, () => {
  const { stdout, stderr } = runNode([
    "-e",
    `const dfd = require("danfojs-node");
     console.log(JSON.stringify([...dfd.tensorflow.round(dfd.tensorflow.tensor1d([3], "int32")).dataSync()]));
     const ga = require(${JSON.stringify(join(root, "dist", "src", "index.js"))});
     console.log(ga.tf.concat([ga.tf.scalar(1), new dfd.Series([2.5]).tensor.squeeze()]).dataSync().join());`,
  ]);
  assert.equal(stdout, "[3]\n1,2.5\n", stderr);
});
