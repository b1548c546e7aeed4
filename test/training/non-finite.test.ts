import assert from "node:assert/strict";
import { test } from "node:test";
import { dataset, epochPlan } from "../../src/datasets";
import { deriveSeed } from "../../src/layers";
import { type LayersModel, type Scalar, type Tensor, tf } from "../../src/tensorflow";
import { sgd, startTraining, type TrainOptions } from "../../src/training";

/** prediction = third · second · first · input, so that the gradient of one weight is the product of all the others. */
function chain(...values: readonly [number, number, number]): LayersModel {
  const dense = (name: string, value: number) =>
    tf.layers.dense({
      ...{ units: 1, useBias: false, name, inputShape: [1] },
      kernelInitializer: tf.initializers.constant({ value }),
    });
  return tf.sequential({
    layers: [dense("first", values[0]), dense("second", values[1]), dense("third", values[2])],
  });
}

const LARGE = 3;
/** Five samples, of which one is large; and the step of an epoch at which it comes. */
const data = (large: number) =>
  dataset({
    name: "numbers",
    train: { inputs: tf.tensor2d([[1], [1], [1], [large], [1]]), targets: tf.zeros([5, 1]) },
  });
const stepOfLarge = (epoch: number) => {
  const plan = epochPlan(5, { seed: deriveSeed(0, "data"), epoch, augmentation: null });
  return [0, 1, 2, 3, 4].find((step) => plan[4 * step] === LARGE)! + 1;
};

const options: TrainOptions = {
  loss: (prediction) => tf.mean(tf.abs(prediction as Tensor)) as Scalar,
  optimizer: sgd({ learningRate: 1e-30, momentum: 0 }),
  batchSize: 1,
  epochs: 3,
};
const weights = (model: LayersModel) => model.getWeights().map((weight) => weight.dataSync()[0]);

/** Weights, large input, the layer in which float32 is left first, weight tensors that it takes along at that step. */
const CASES: [[number, number, number], number, string, number][] = [
  [[1e-20, 1e10, 1e10], 1e20, "first", 1],
  [[1e10, 1e-20, 1e10], 1e20, "second", 1],
  [[1e10, 1e10, 1], 1e30, "third", 3],
];
for (const [values, large, layer, affected] of CASES)
  test(`where gradients overflow in the ${layer} layer, the run ends and says so`, async () => {
    const model = chain(...values);
    const before = weights(model);
    const warnings: string[] = [];
    const run = startTraining(model, await data(large), options);
    run.on("warning", (text) => warnings.push(text));
    await run.finished;
    const step = stepOfLarge(1);
    assert.deepEqual(run.nonFinite, { epoch: 1, step, layer, weight: "kernel", affected, tensors: 3 });
    assert.deepEqual([run.status, run.epochs.length, run.epochs[0]!.testLoss], ["diverged", 1, null]);
    assert.ok(!Number.isFinite(run.epochs[0]!.trainLoss));
    assert.deepEqual(weights(model), before);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, new RegExp(`^The training loss of epoch 1 is (NaN|Infinity|-Infinity): the first gradient that is not finite was seen at step ${step} in layer ${layer} \\(kernel; at that step in ${affected} of 3 weight tensors\\)$`)); // prettier-ignore
  });

test("a later epoch's step is counted from the beginning of the run", async () => {
  const model = chain(1, 1, 1);
  const set = await data(1);
  const run = startTraining(model, set, { ...options, epochs: 4 });
  // From epoch 2 on the weights are too large for the product to be finite.
  run.on("epoch", ({ row }) => {
    if (row.epoch === 1) for (const layer of model.layers) layer.setWeights([tf.tensor2d([[1e30]])]);
  });
  await run.finished;
  assert.deepEqual([run.status, run.epochs.length], ["diverged", 2]);
  assert.deepEqual([run.nonFinite!.epoch, run.nonFinite!.step], [2, 6]);
});

test("a loss beyond float32 with finite gradients is told apart", async () => {
  const loss = (prediction: Tensor | Tensor[]) =>
    tf.add(tf.mean(tf.abs(prediction as Tensor)), tf.scalar(Infinity)) as Scalar;
  const run = startTraining(chain(1, 1, 1), await data(1), { ...options, loss });
  await run.finished;
  assert.deepEqual([run.status, run.nonFinite!.step, run.nonFinite!.layer], ["diverged", null, null]);
  assert.match(run.warnings[0]!, /every gradient was finite/);
});

test("by option the run goes on, and tells once", async () => {
  const run = startTraining(chain(1e10, 1e10, 1), await data(1e30), { ...options, onNonFinite: "record" });
  await run.finished;
  assert.deepEqual([run.status, run.epochs.length, run.warnings.length], ["finished", 3, 1]);
  assert.deepEqual([run.nonFinite!.epoch, run.nonFinite!.layer], [1, "third"]);
});

test("another word for the option is refused", async () => {
  const set = await data(1);
  assert.throws(() => startTraining(chain(1, 1, 1), set, { ...options, onNonFinite: "ignore" as never }), {
    name: "RangeError",
    message: 'Expected onNonFinite to be "stop" or "record" but found "ignore"',
  });
});
