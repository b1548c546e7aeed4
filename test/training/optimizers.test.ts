/** Every optimizer against PyTorch's numbers, over eight steps with a rate that changes on the way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { weightTensors } from "../../src/gradients";
import { compile } from "../../src/graph";
import { OPTIMIZER_NAMES, type OptimizerName } from "../../src/spec";
import { type Scalar, type Tensor, tf } from "../../src/tensorflow";
import { optimizerByName } from "../../src/training";
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
