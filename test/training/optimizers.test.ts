/** Every optimizer against PyTorch's numbers, over eight steps with a rate that changes on the way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { weightTensors } from "../../src/gradients";
import { compile } from "../../src/graph";
import { OPTIMIZER_NAMES, type OptimizerName } from "../../src/spec";
import { type Scalar, type Tensor, tf } from "../../src/tensorflow";
import { optimizerByName } from "../../src/training";
import { adamStep } from "../../src/training/optimizers/adam-step";
import { clipGradients } from "../../src/training/program/clip-gradients";
import { fixtureOptimizer } from "../support/fixture-optimizer";
import { type LayersFixture, readFixture } from "../support/pytorch-fixture";

const { start, gradients, learningRates, runs } = readFixture<LayersFixture>("layers.json").optimizers;

for (const { options, parameters } of runs) {
  test(`${JSON.stringify(options)} updates as PyTorch does`, () => {
    const before = tf.memory().numTensors;
    const variable = tf.tidy(() => tf.variable(tf.tensor1d(start)));
    const optimizer = fixtureOptimizer(options).start([variable]);
    gradients.forEach((gradient, index) => {
      tf.tidy(() => {
        const raw = [tf.tensor1d(gradient)];
        optimizer.apply(options.clipNorm ? clipGradients(raw, options.clipNorm) : raw, {
          learningRate: tf.scalar(learningRates[index]!),
          step: tf.scalar(index + 1),
        });
      });
      const found = variable.dataSync();
      parameters[index]!.forEach((expected, at) => {
        const bound = 2e-5 * Math.max(1, Math.abs(expected));
        assert.ok(Math.abs(found[at]! - expected) < bound, `step ${index + 1}: ${found[at]} against ${expected}`);
      });
    });
    optimizer.dispose();
    variable.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

/** The optimizers of `optimizers.json`, by the name and the settings that a configuration has. */
interface OptimizersFixture {
  readonly start: number[];
  readonly gradients: number[][];
  readonly learningRates: number[];
  readonly runs: readonly {
    readonly name: OptimizerName;
    readonly settings: object;
    readonly parameters: number[][];
  }[];
}

const further = readFixture<OptimizersFixture>("optimizers.json");
for (const { name, settings, parameters } of further.runs) {
  for (const engine of ["eager", "graph"] as const)
    test(`${name} ${JSON.stringify(settings)} updates as PyTorch does (${engine})`, () => {
      const before = tf.memory().numTensors;
      const variable = tf.tidy(() => tf.variable(tf.tensor1d(further.start)));
      const optimizer = optimizerByName({ name, ...settings }).start([variable]);
      const apply = (gradient: Tensor, learningRate: Tensor, step: Tensor) =>
        optimizer.apply([gradient], { learningRate: learningRate as Scalar, step: step as Scalar });
      const compiled = engine === "graph" ? compile(apply) : null;
      further.gradients.forEach((gradient, index) => {
        tf.tidy(() => {
          const inputs = [tf.tensor1d(gradient), tf.scalar(further.learningRates[index]!), tf.scalar(index + 1)];
          (compiled ?? apply)(...(inputs as [Tensor, Tensor, Tensor]));
        });
        const found = variable.dataSync();
        parameters[index]!.forEach((expected, at) => {
          const bound = 2e-5 * Math.max(1, Math.abs(expected));
          assert.ok(Math.abs(found[at]! - expected) < bound, `step ${index + 1}: ${found[at]} against ${expected}`);
        });
      });
      compiled?.dispose();
      optimizer.dispose();
      variable.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
}

test("weight decay leaves out biases, scales and offsets where it is told to", () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [4, 5], biasInitializer: "ones" }),
      tf.layers.layerNormalization({ axis: [1, 2] }),
      tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 2 }) as never, mergeMode: "concat" }),
      tf.layers.batchNormalization(),
    ],
  });
  const variables = weightTensors(model).map(({ variable }) => variable);
  for (const name of OPTIMIZER_NAMES) {
    for (const decayed of ["all", "kernels"] as const) {
      const before = variables.map((variable) => variable.clone());
      const optimizer = optimizerByName({ name, decayed, weightDecay: 0.5, learningRate: 0.1 }).start(variables);
      tf.tidy(
        () =>
        optimizer.apply(variables.map((variable) => tf.zerosLike(variable)), { learningRate: tf.scalar(0.1), step: tf.scalar(1) }), // prettier-ignore
      );
      variables.forEach((variable, at) => {
        const isKernel = variable.name.includes("kernel");
        const moved = tf.tidy(() => tf.notEqual(variable, before[at]!).any().dataSync()[0]! > 0);
        const isZero = tf.tidy(() => before[at]!.equal(0).all().dataSync()[0]! > 0);
        assert.equal(moved, !isZero && (decayed === "all" || isKernel), `${name} ${decayed} ${variable.name}`);
      });
      variables.forEach((variable, at) => variable.assign(before[at] as never));
      tf.dispose(before);
      optimizer.dispose();
    }
  }
  model.dispose();
});

test("Nesterov's momentum needs some", () => {
  assert.throws(() => optimizerByName({ name: "sgd", nesterov: true, momentum: 0 }), {
    name: "RangeError",
    message: /^Expected momentum to be above 0 with nesterov but found 0/,
  });
});

test("gradients are clipped rightly however large or small they are", () => {
  for (const size of [1e-30, 1e-20, 1, 1e19, 1e25, 1e35]) {
    const gradients = [tf.tensor1d([3 * size, 0]), tf.scalar(4 * size)];
    const clipped = clipGradients(gradients, 0.5 * size).flatMap((each) => Array.from(each.dataSync()));
    // torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm.
    const scale = Math.min(1, (0.5 * size) / (5 * size + 1e-6));
    [3 * size, 0, 4 * size].forEach((each, at) => {
      const wanted = each * scale;
      // What is below float32's smallest number may be zero.
      assert.ok(Math.abs(clipped[at]! - wanted) <= 1e-6 * Math.abs(wanted) + 1e-37, `${clipped[at]} of ${wanted}`);
    });
  }
  const [infinite, plain] = clipGradients([tf.scalar(Infinity), tf.scalar(1)], 1);
  assert.ok(Number.isNaN(infinite!.dataSync()[0]));
  assert.equal(plain!.dataSync()[0], 0);
  assert.ok(clipGradients([tf.scalar(NaN), tf.scalar(1)], 1).every((each) => Number.isNaN(each.dataSync()[0])));
  assert.deepEqual([...clipGradients([tf.zeros([2])], 1)[0]!.dataSync()], [0, 0]);
});

test("Adam's first steps are exact to float32's rounding", () => {
  for (const step of [1, 2, 3, 10, 100, 10_000]) {
    const [first, second] = [tf.scalar(0.5), tf.scalar(2)];
    const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    const scalars = { learningRate: tf.scalar(0.01), step: tf.scalar(step) };
    const found = adamStep(tf.scalar(0.25), [first, second], scalars, settings).moved.dataSync()[0]!;
    const [m, v] = [0.5 * 0.9 + 0.1 * 0.25, 2 * 0.999 + 0.001 * 0.25 ** 2];
    const wanted = ((0.01 / (1 - 0.9 ** step)) * m) / (Math.sqrt(v) / Math.sqrt(1 - 0.999 ** step) + 1e-8);
    assert.ok(Math.abs(found - wanted) < 3e-7 * wanted, `step ${step}: ${found} instead of ${wanted}`);
  }
});
