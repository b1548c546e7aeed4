/** Steps that XLA compiles: the same numbers as by kernels, but for float32's rounding. */
import assert from "node:assert/strict";
import { dataset, embedded, type Dataset } from "../../src/datasets";
import { compile, type Compiler, createLoop } from "../../src/graph";
import { type LayersModel, type layers, type Tensor, tf, type Variable } from "../../src/tensorflow";
import { sgd, startTraining, type TrainOptions } from "../../src/training";
import { functionsNamed, graphTest as test } from "../support/graph-test";
import { ODD_MODELS } from "../support/odd-models";

const COMPILERS: readonly Compiler[] = ["none", "xla"];

/** Asserts that numbers differ by rounding alone. */
function assertClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, at) => {
    const bound = tolerance * Math.max(1e-3, Math.abs(expected[at]!));
    assert.ok(Math.abs(value - expected[at]!) <= bound, `${value} and ${expected[at]} at ${at}`);
  });
}

function smallNetwork(more: layers.Layer[] = []): LayersModel {
  const seed = { seed: 3 };
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, inputShape: [32, 32, 3], kernelInitializer: tf.initializers.heNormal(seed) }), // prettier-ignore
      tf.layers.batchNormalization(),
      tf.layers.reLU({ name: "relu" }),
      tf.layers.maxPooling2d({ poolSize: 3, strides: 2 }),
      ...more,
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, kernelInitializer: tf.initializers.glorotUniform(seed) }),
    ],
  });
}

/** Losses and rows of a short training by each compiler. */
async function both(make: () => { model: LayersModel; data: Dataset | Promise<Dataset> }, options: TrainOptions) {
  const found = [];
  for (const compiler of COMPILERS) {
    const { model, data } = make();
    const samples = await data;
    const run = await startTraining(model, samples, { batchSize: 10, epochs: 3, seed: 5, validate: "never", test: "never", ...options, compiler }).finished; // prettier-ignore
    model.dispose();
    samples.dispose();
    found.push({ losses: run.epochs.map(({ trainLoss }) => trainLoss), rows: run.gradients });
  }
  return { plain: found[0]!, xla: found[1]! };
}

test("a step is one program, whose functions go with it", () => {
  const w = tf.variable(tf.tensor1d([0.5, -1, 2]));
  const results = COMPILERS.map((compiler) => {
    w.assign(tf.tensor1d([0.5, -1, 2]));
    const optimizer = tf.train.momentum(0.1, 0.9);
    const step = compile((x: Tensor) => optimizer.minimize(() => tf.tanh(x.mul(w)).square().mean(), true)!, { compiler, name: "tanh" }); // prettier-ignore
    const x = tf.tensor2d([1, 2, 3, -1, 0, 1], [2, 3]);
    const losses = Array.from({ length: 20 }, () => step(x).dataSync()[0]!);
    if (compiler === "xla") assert.equal(functionsNamed("tanh_xla"), 1);
    step.dispose();
    optimizer.dispose();
    return [...losses, ...w.dataSync()];
  });
  assertClose(results[1]!, results[0]!, 1e-5);
  assert.equal(functionsNamed("tanh_xla"), 0);
  w.dispose();
});

test("a loop counts, stops and is read as by kernels", async () => {
  const sum: Variable = tf.variable(tf.scalar(0));
  const loop = createLoop((index, x) => sum.assign(tf.add(sum, tf.mul(x!, tf.cast(index, "float32")))), { compiler: "xla", readable: [sum] }); // prettier-ignore
  const x = tf.scalar(2);
  assert.equal(await loop.run({ first: 0, last: 5, inputs: [x] }), 5);
  assert.deepEqual([sum.dataSync()[0], loop.read(sum)[0]], [20, 20]);
  loop.dispose();
  tf.dispose([sum, x]);
});

test("training with crops, amplification, clipping and statistics", async () => {
  const make = () => ({ model: smallNetwork(), data: embedded({ train: 40, validation: 0, test: 0 }) });
  const { plain, xla } = await both(make, {
    optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
    amplify: { group: "relu", ampRatio: 1, ampFactor: 2 },
    clipNorm: 5,
    measure: { statistics: ["norms", "quantiles", "histogram"] },
  });
  assertClose(xla.losses, plain.losses, 1e-4);
  assert.equal(xla.rows.length, plain.rows.length);
  assert.ok(xla.rows.length > 0);
});

for (const name of ["two inputs", "a model inside a model", "a custom layer"])
  test(`training of ${name}`, async () => {
    const odd = ODD_MODELS.find((one) => one.name === name)!;
    const targets = odd.inputs[0]!.map((_, at) => Math.sin(at));
    const train = odd.inputs.length > 1 ? { several: odd.inputs, targets } : { inputs: odd.inputs[0]!, targets };
    const make = () => ({ model: odd.model(), data: dataset({ train, classes: null }) });
    const { plain, xla } = await both(make, { batchSize: 4, loss: odd.loss as never, measure: null });
    assertClose(xla.losses, plain.losses, 1e-4);
  });

test("an op that XLA does not have is named where it needs what is trained", () => {
  const w = tf.variable(tf.ones([1, 4, 4, 1]));
  const step = compile(() => w.assign(tf.image.transform(w as never, tf.tensor2d([[1, 0, 0, 0, 1, 0, 0, 0]])) as never), { compiler: "xla" }); // prettier-ignore
  assert.throws(() => void step(), /found ImageProjectiveTransformV3, which needs .*compiler: "none"/);
  step.dispose();
  w.dispose();
});

test("what makes no sense is refused", () => {
  const step = () => undefined;
  assert.throws(() => compile(step, { compiler: "llvm" as never }), /Expected compiler to be none or xla|compiler/);
  assert.throws(
    () => createLoop(step, { compiler: "xla", engine: "eager" }),
    /compiler "none" where steps run op by op/,
  );
});
