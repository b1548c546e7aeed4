/** Convolutions and products in bfloat16, everything that is kept in float32, few casts. */
import assert from "node:assert/strict";
import { lookAtTrainingGraph } from "../../../bench/support/training-graph";
import { dataset } from "../../../src/datasets";
import { compile, createLoop } from "../../../src/graph";
import { DataType } from "../../../src/graph/data-type";
import type { Node } from "../../../src/graph/graph";
import { bfloat16Pass } from "../../../src/graph/passes/bfloat16";
import { trace } from "../../../src/graph/trace";
import { modelByName } from "../../../src/models";
import { hasOwnBatchNorm, type Tensor, type Tensor4D, tf, type Variable } from "../../../src/tensorflow";
import { adam, sgd, startTraining } from "../../../src/training";
import { graphTest as test } from "../../support/graph-test";
import { relativeError, takeValues } from "../../support/same-bits";
import { symmetric } from "../../support/deterministic";
import { applying, isActivation, nodesOf } from "../../support/training-graph";

const { float32, bfloat16 } = DataType;
const BATCH = 5;
/** The ops that batch norm is made of, forward and backward. */
const BATCH_NORM = hasOwnBatchNorm()
  ? ["GradampBatchNorm", "GradampBatchNormGrad"]
  : ["FusedBatchNormV3", "FusedBatchNormGradV3"];
const network = (name: string) => modelByName(name, { width: 4, classes: 3, inputShape: [8, 8, 3] });
/** Whether a number is one of bfloat16's. */
const isShort = (value: number) => (new Uint32Array(Float32Array.of(value).buffer)[0]! & 0xffff) === 0;

test("a chain of convolution, batch norm and ReLU is cast at its ends only", () => {
  const model = tf.sequential({
    layers: [1, 2, 3].flatMap((at) => [
      tf.layers.conv2d({
        ...{ filters: 4, kernelSize: 3, padding: "same" as const, useBias: false },
        ...(at === 1 ? { inputShape: [8, 8, 3] } : {}),
      }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
    ]),
  });
  // Global average pooling is a mean, which stays float32.
  model.add(tf.layers.globalAveragePooling2d({} as never));
  lookAtTrainingGraph(model, applying(bfloat16Pass), (trace) => {
    const casts = nodesOf(trace, "Cast").filter(({ inputs, outputs }) =>
      [inputs[0]!, outputs[0]!].some(({ dtype }) => dtype === bfloat16),
    );
    const large = casts.filter(({ outputs }) => isActivation(outputs[0]!, BATCH));
    // The images, the last ReLU's result, and its gradient.
    assert.deepEqual(
      large.map(({ outputs }) => [outputs[0]!.dtype, outputs[0]!.shape]),
      [
        [bfloat16, [BATCH, 8, 8, 3]],
        [float32, [BATCH, 8, 8, 4]],
        [bfloat16, [BATCH, 8, 8, 4]],
      ],
    );
    // Each filter on its way in and each filter's gradient on its way out; no more.
    assert.equal(casts.length - large.length, 3 + 3);
    const chain = nodesOf(trace, "Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "Relu", "ReluGrad", ...BATCH_NORM); // prettier-ignore
    assert.equal(chain.length, 3 + 2 + 3 + 3 + 3 + 3 + 3);
    assert.ok(chain.every(({ outputs }) => outputs[0]!.dtype === bfloat16));
  }, { batch: BATCH }); // prettier-ignore
  model.dispose();
});

for (const [name, optimizer] of [
  ["vgg38-bn-rc", sgd({ momentum: 0.9, weightDecay: 1e-3 })],
  ["resnet18", adam({ weightDecay: 1e-3 })],
] as const) {
  test(`${name}: weights, updates, slots and batch statistics are float32`, () => {
    const model = network(name);
    lookAtTrainingGraph(
      model,
      applying(bfloat16Pass),
      (trace) => {
        for (const { variable, before, after } of trace.state) {
          assert.deepEqual([before.dtype, after?.dtype ?? float32], [float32, float32], variable.name);
        }
        for (const output of trace.outputs) assert.equal(output.dtype, float32);
        for (const { op, outputs } of nodesOf(trace, ...BATCH_NORM)) {
          assert.deepEqual(outputs.slice(1, 3).map(({ dtype }) => dtype), [float32, float32], op); // prettier-ignore
        }
        // What is computed in bfloat16 is activations, their gradients, and the weights' as they leave the convolutions.
        const short = trace.graph.nodes.filter(({ outputs }) => outputs[0]?.dtype === bfloat16);
        // (tfjs's dense layers work on [1, batch, …]).
        const isLarge = ({ outputs: [value] }: Node) =>
          isActivation(value!, BATCH) || (value!.shape!.length === 3 && value!.shape![1] === BATCH);
        const others = short.filter((node) => !isLarge(node)).map(({ op }) => op);
        assert.deepEqual([...new Set(others)].sort(), ["BatchMatMulV2", "Cast", "Conv2DBackpropFilter", "Reshape"]);
        const sums = short.filter(({ op }) => op === "Add" || op === "AddV2");
        assert.ok(sums.length > 0, "residual sums go along");
      },
      { batch: BATCH, optimizer },
    );
    model.dispose();
  });
}

test("momentum takes up a gradient in full precision", async () => {
  const kernel = tf.tidy(() => tf.variable(tf.tensor4d(symmetric("kernel", 108, 0.3), [3, 3, 3, 4])));
  const images = tf.tensor4d(symmetric("images", 2 * 192, 1), [2, 8, 8, 3]);
  const optimizer = tf.train.momentum(0.01, 0.9);
  const cost = () =>
    tf
      .relu(tf.conv2d(images, kernel as Tensor4D & Variable, 1, "same"))
      .square()
      .mean();
  const slot = () => (optimizer as unknown as { accumulations: { variable: Variable }[] }).accumulations[0]!.variable;
  const step = compile(() => void optimizer.minimize(cost as never), { precision: "bfloat16" });
  step();
  // At first it is the gradient itself, which the convolution gave in bfloat16.
  const first = slot().dataSync().slice();
  assert.ok(first.every(isShort));
  step();
  const second = slot().dataSync().slice();
  assert.ok(second.filter((value) => !isShort(value)).length > 50, "a sum of it with 0.9 of the last one");
  assert.ok(second.every((value, at) => isShort(Math.fround(value - Math.fround(0.9 * first[at]!))) || value !== 0));
  assert.ok(kernel.dataSync().filter((value) => !isShort(value)).length > 50);
  step.dispose();
  optimizer.dispose();
  tf.dispose([kernel, images]);
});

test("a cast of float32 to float32, as tfjs puts behind pooling, is no cast to bfloat16 and back", () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, useBias: false, inputShape: [8, 8, 3] }),
      tf.layers.averagePooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 4, kernelSize: 3, useBias: false }),
      tf.layers.flatten(),
    ],
  });
  lookAtTrainingGraph(model, applying(bfloat16Pass), (trace) => {
    const pooled = nodesOf(trace, "AvgPool")[0]!.outputs[0]!;
    const users = trace.graph.nodes.filter(({ inputs }) => inputs.includes(pooled)).map(({ op }) => op);
    assert.deepEqual(users.sort(), ["Conv2D", "Conv2DBackpropFilter"]);
  });
  model.dispose();
});

test("products of matrices are as exact as bfloat16 is, whoever computes them", () => {
  const [a, b] = ["a", "b"].map((name) => tf.tensor2d(symmetric(name, 64, 1), [8, 8]));
  const step = (x: Tensor, y: Tensor) => [tf.matMul(x, y), tf.tanh(tf.matMul(x, y, true)), x.add(y), tf.sum(x)];
  const [short, full] = [compile(step, { precision: "bfloat16" }), compile(step)];
  const [found, expected] = [takeValues(short(a!, b!)), takeValues(full(a!, b!))];
  const errors = found.map((values, at) => relativeError(values, expected[at]!));
  assert.ok(errors[0]! > 1e-4 && errors[0]! < 1e-2 && errors[1]! > 1e-4 && errors[1]! < 2e-2, `${errors}`);
  // What is no product is not touched.
  assert.deepEqual(errors.slice(2), [0, 0]);
  short.dispose();
  full.dispose();
  tf.dispose([a!, b!]);
});

test("losses stay near those of float32, measured gradients too, and the run says what it computed in", async () => {
  const data = await dataset({
    train: {
      inputs: tf.tensor4d(symmetric("train", 60 * 192, 1.7), [60, 8, 8, 3]),
      targets: Array.from({ length: 60 }, (_, at) => at % 3),
    },
  });
  const train = async (precision: "float32" | "bfloat16") => {
    const model = network("vgg08-bn");
    const optimizer = sgd({ learningRate: 0.005 });
    const run = await startTraining(model, data, { epochs: 4, batchSize: 12, optimizer, precision }).finished;
    assert.equal(run.options["precision"], precision);
    assert.ok(model.getWeights().every(({ dtype }) => dtype === "float32"));
    model.dispose();
    return run;
  };
  const [full, short] = [await train("float32"), await train("bfloat16")];
  full.epochs.forEach(({ trainLoss }, at) => {
    const other = short.epochs[at]!.trainLoss;
    assert.notEqual(other, trainLoss);
    assert.ok(Math.abs(other / trainLoss - 1) < 0.02, `epoch ${at + 1}: ${other} beside ${trainLoss}`);
  });
  const firstEpoch = (run: typeof full) =>
    run.gradients.filter(({ epoch }) => epoch === 1).map(({ meanAbs }) => meanAbs!);
  assert.ok(relativeError(firstEpoch(short), firstEpoch(full)) < 0.1);
});

test("a loop computes in bfloat16, too", async () => {
  const seen = tf.tidy(() => tf.variable(tf.zeros([8, 8])));
  const a = tf.tensor2d(symmetric("a", 64, 1), [8, 8]);
  const run = async (precision: "float32" | "bfloat16") => {
    const loop = createLoop((_, x) => seen.assign(tf.matMul(x as never, x as never)), { precision });
    await loop.run({ first: 0, last: 2, inputs: [a] });
    loop.dispose();
    return seen.dataSync().slice();
  };
  const [short, full] = [await run("bfloat16"), await run("float32")];
  const error = relativeError(short, full);
  assert.ok(error > 1e-4 && error < 1e-2, `${error}`);
  tf.dispose([seen, a]);
});

test("depthwise convolutions whose output is one pixel wide stay float32 where they have a stride", () => {
  const filter = tf.tensor4d(symmetric("filter", 3 * 5 * 8, 1), [3, 5, 8, 1]);
  const convolve = (x: Tensor, f: Tensor) => tf.depthwiseConv2d(x as Tensor4D, f as Tensor4D, 3, "same");
  for (const [width, expected] of [
    [2, float32],
    [5, bfloat16],
  ] as const) {
    // prettier-ignore
    const x = tf.tensor4d(symmetric("x", 4 * width * 8, 1), [1, 4, width, 8]);
    const step = (a: Tensor) => [convolve(a, filter), ...tf.grads((b, f) => tf.sum(tf.square(convolve(b, f))))([a, filter])]; // prettier-ignore
    const traced = applying(bfloat16Pass)(trace((a) => step(a!), [{ dtype: float32, shape: x.shape }]));
    const kinds = traced.graph.nodes.filter(({ op }) => op.startsWith("Depthwise"));
    assert.deepEqual(new Set(kinds.map(({ outputs }) => outputs[0]!.dtype)), new Set([expected]));
    assert.ok(kinds.length >= 3);
    traced.dispose();
    const compiled = compile(step, { precision: "bfloat16" });
    const [found, plain] = [takeValues(compiled(x)), takeValues(tf.tidy(() => step(x)))];
    found.forEach((values, at) => assert.ok(relativeError(values, plain[at]!) < 0.03, `${width}, ${at}`));
    compiled.dispose();
    x.dispose();
  }
  filter.dispose();
});
