/** Losses by name: PyTorch's numbers and gradients, what a model ends in, targets that fit, accuracy beside any loss. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset } from "../../src/datasets";
import { lossTitle } from "../../src/figures/parts/loss-title";
import { type Loss, type NamedLoss, TRAINING } from "../../src/spec";
import { type Tensor, tf } from "../../src/tensorflow";
import { evaluate, sgd, startTraining } from "../../src/training";
import { lossFunction } from "../../src/training/loss";
import { readFixture } from "../support/pytorch-fixture";

interface LossesFixture {
  readonly logits: number[];
  readonly classes: number[];
  readonly numbers: number[];
  readonly bits: number[];
  readonly runs: readonly {
    readonly loss: NamedLoss;
    readonly target: "classes" | "numbers" | "bits";
    readonly value: number;
    readonly gradient: number[];
  }[];
}

const fixture = readFixture<LossesFixture>("losses.json");
const ending = (activation?: "sigmoid" | "softmax") =>
  tf.sequential({ layers: [tf.layers.dense({ units: 5, inputShape: [5], ...(activation ? { activation } : {}) })] });

for (const { loss, target, value, gradient } of fixture.runs)
  test(`${JSON.stringify(loss)} is PyTorch's, with its gradient`, () => {
    const [model, numbers] = [ending(), fixture[target]];
    const targets = target === "classes" ? tf.tensor1d(numbers, "int32") : tf.tensor2d(numbers, [4, 5]);
    const call = lossFunction(model, loss);
    const found = tf.valueAndGrad((x: Tensor) => call(x, targets).loss)(tf.tensor2d(fixture.logits, [4, 5]));
    assert.ok(Math.abs(found.value.dataSync()[0]! - value) < 2e-6 * Math.max(1, Math.abs(value)));
    found.grad.dataSync().forEach((each, at) => assert.ok(Math.abs(each - gradient[at]!) < 2e-6, `${at}: ${each}`));
    model.dispose();
  });

for (const gamma of [0.1, 0.5, 1, 1.5, 2])
  test(`the focal loss of γ = ${gamma} has a gradient where a sample is certain, and is right where one nearly is`, () => {
    for (const [activation, certain] of [
      [undefined, 200],
      ["softmax", 1],
    ] as const) {
      const call = lossFunction(ending(activation), { name: "focal", gamma });
      const targets = tf.tensor1d([0, 1], "int32");
      const rows = [[certain, 0, 0, 0, 0], [0.2, 0.2, 0.2, 0.2, 0.2]]; // prettier-ignore
      const { value, grad } = tf.valueAndGrad((x: Tensor) => call(x, targets).loss)(tf.tensor2d(rows));
      const wanted = (0.8 ** gamma * Math.log(5)) / 2;
      assert.ok(Math.abs(value.dataSync()[0]! - wanted) < 1e-6);
      const slopes = Array.from(grad.dataSync());
      assert.ok(slopes.every(Number.isFinite), String(slopes));
      assert.ok(slopes[6]! < -0.1);
    }
    const near = lossFunction(ending(), { name: "focal", gamma });
    // A cost of 1e-5: one less its exponential would be off by a thousandth and more.
    const distance = 5;
    const others = 4 * Math.exp(-distance * 2.5);
    const cost = Math.log1p(others);
    const found = near(tf.tensor2d([[distance * 2.5, 0, 0, 0, 0]]), tf.tensor1d([0], "int32")).loss.dataSync()[0]!;
    const expected = (-Math.expm1(-cost)) ** gamma * cost;
    assert.ok(Math.abs(found / expected - 1) < 0.02 * gamma + 0.01, `${found} instead of ${expected}`);
  });

describe("a loss asks what the model ends in", () => {
  for (const [name, activation, squash] of [
    ["binaryCrossEntropy", "sigmoid", tf.sigmoid],
    ["focal", "softmax", tf.softmax],
    ["crossEntropy", "softmax", tf.softmax],
  ] as const)
    test(`${name} of ${activation} is that of the logits`, () => {
      const settings = name === "crossEntropy" ? { name, labelSmoothing: 0.1 } : name;
      const logits = tf.tensor2d(fixture.logits, [4, 5]);
      const targets = name === "binaryCrossEntropy" ? tf.tensor2d(fixture.bits, [4, 5]) : tf.tensor1d(fixture.classes, "int32"); // prettier-ignore
      const plain = lossFunction(ending(), settings)(logits, targets);
      const squashed = lossFunction(ending(activation), settings)((squash as (x: Tensor) => Tensor)(logits), targets);
      assert.ok(Math.abs(plain.loss.dataSync()[0]! - squashed.loss.dataSync()[0]!) < 1e-5);
      assert.equal(plain.correct!.dataSync()[0], squashed.correct!.dataSync()[0]);
    });
});

const inputs = Array.from({ length: 8 }, (_, at) => [at / 8, 1 - at / 8]);
const one = () =>
  tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: "zeros" })] });

test("numbers of shape [size] fit an output [batch, 1], in both engines", async () => {
  const data = await dataset({ train: { inputs, targets: inputs.map(([x]) => 2 * x!) }, classes: null });
  for (const engine of ["graph", "eager"] as const) {
    const model = one();
    const run = await startTraining(model, data, { epochs: 200, batchSize: 8, loss: "mse", engine, optimizer: sgd({ learningRate: 0.1 }) }).finished; // prettier-ignore
    // Spread out to [batch, batch], the best would be the mean, a loss of 0.33.
    assert.ok(run.epochs.at(-1)!.trainLoss < 1e-3, `${engine}: ${run.epochs.at(-1)!.trainLoss}`);
    assert.equal(run.epochs[0]!.trainAccuracy, null);
    assert.equal(lossTitle(run), "mean squared error");
    model.dispose();
  }
  assert.throws(() => startTraining(ending(), data, { loss: "mse" }), /samples of shape/i);
  const two = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
  assert.throws(() => startTraining(two, data, { loss: "huber" }), {
    name: "TypeError",
    message: /targets of shape \[size, 2\], .* for the Huber loss but data set .* has \[size\]/,
  });
});

test("several labels at once: binary cross-entropy, with the share of outputs on the right side", async () => {
  const data = await dataset({ train: { inputs, targets: inputs.map(([x]) => [x! > 0.4 ? 1 : 0, x! > 0.4 ? 0 : 1]) }, classes: null }); // prettier-ignore
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], activation: "sigmoid", kernelInitializer: "zeros" })] }); // prettier-ignore
  const run = await startTraining(model, data, { epochs: 300, batchSize: 8, loss: "binaryCrossEntropy", optimizer: sgd({ learningRate: 1 }) }).finished; // prettier-ignore
  assert.equal(run.epochs.at(-1)!.trainAccuracy, 1);
  assert.equal((await evaluate(model, data, data.train, { loss: "binaryCrossEntropy" })).accuracy, 1);
});

test("accuracy stands beside a loss of one's own where targets are classes", async () => {
  const data = await dataset({
    train: { inputs, targets: inputs.map(([x]) => (x! > 0.4 ? 1 : 0)) },
    validation: { inputs, targets: inputs.map(([x]) => (x! > 0.4 ? 1 : 0)) },
  });
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: "zeros" })] });
  const own = (prediction: Tensor | Tensor[], target: Tensor) =>
    tf.losses.softmaxCrossEntropy(tf.oneHot(target as never, 2), prediction as Tensor);
  const run = await startTraining(model, data, { epochs: 3, batchSize: 8, loss: own }).finished;
  for (const { trainAccuracy, validationAccuracy } of run.epochs)
    for (const accuracy of [trainAccuracy, validationAccuracy]) assert.ok(accuracy !== null && accuracy >= 0 && accuracy <= 1); // prettier-ignore
  model.dispose();
});

describe("what is no loss is refused", () => {
  for (const [given, message] of [
    ["crossentropy", /did you mean "crossEntropy"\?/],
    ["meanSquaredError", /did you mean "mse"\?/],
    ["sparse_categorical_crossentropy", /did you mean "crossEntropy"\?/],
    ["hubre", /did you mean "huber"\?/],
    [{ name: "crossEntropy", labelSmoothing: 1 }, /labelSmoothing to lie in \[0, 1\) but found 1/],
    [{ name: "crossEntropy", smoothing: 0.1 }, /found loss\.smoothing/],
    [{ name: "huber", delta: 0 }, /delta to be above 0/],
    [{ name: "focal", gamma: -1 }, /gamma to be at least 0/],
    [{ labelSmoothing: 0.1 }, /loss\.labelSmoothing to be "crossEntropy"/],
    [5, /loss to be "crossEntropy"/],
  ] as [unknown, RegExp][])
    test(JSON.stringify(given), () => assert.throws(() => TRAINING.loss.kind.read(given as Loss, "loss"), message));

  test("the command line's notation has settings in brackets", () => {
    assert.deepEqual(TRAINING.loss.kind.fromText!("crossEntropy(labelSmoothing 0.1)"), { name: "crossEntropy", labelSmoothing: 0.1 }); // prettier-ignore
    assert.equal(TRAINING.loss.kind.fromText!("mse"), "mse");
    assert.throws(() => TRAINING.loss.kind.read(TRAINING.loss.kind.fromText!("huber(detla 2)"), "loss"), /did you mean delta/); // prettier-ignore
  });
});
