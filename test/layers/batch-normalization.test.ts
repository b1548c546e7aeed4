import assert from "node:assert/strict";
import { test } from "node:test";
import { batchNormalization, isTorchBatchNormalization } from "../../src/layers";
import { hasOwnBatchNorm, type layers, type Tensor, type Tensor1D, tf } from "../../src/tensorflow";
import { assertClose } from "../support/assert-close";
import { countOps } from "../support/count-ops";

const CHANNELS = 3;

/** The textbook, over all axes but the last, differentiated by tfjs. */
function naive(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const axes = [...x.shape.keys()].slice(0, -1);
  const mean = tf.mean(x, axes, true);
  const variance = tf.mean(tf.square(tf.sub(x, mean)), axes, true);
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon))), gamma), beta);
}

const samples = (shape: number[]) => tf.add(tf.mul(tf.randomNormal(shape, 0, 1, "float32", 7), 3), 5);

/** A built layer whose weights are anything but the initial ones. */
function built(layer: layers.Layer, shape: number[]): layers.Layer {
  layer.build([null, ...shape.slice(1)]);
  const start = [[0.5, 1.5, -2], [1, -1, 0.25], [0.1, 0.2, 0.3], [0.5, 2, 1]]; // prettier-ignore
  layer.setWeights(start.map((values) => tf.tensor1d(values)));
  return layer;
}

const makers: Record<string, () => layers.Layer> = {
  "PyTorch's": () => batchNormalization({ epsilon: 1e-3 }),
  "a stock layer": () => tf.layers.batchNormalization({}),
};

for (const backend of ["tensorflow", "cpu"]) {
  for (const [kind, make] of Object.entries(makers)) {
    for (const shape of [
      [4, 5, 6, CHANNELS],
      [2, 3, 4, 3, CHANNELS],
      [8, 4, CHANNELS],
      [16, CHANNELS],
    ]) {
      // prettier-ignore
      if (backend === "cpu" && (kind === "a stock layer" && shape.length === 5)) continue; // tfjs has none
      test(`${kind}, [${shape}], ${backend}: output and all three gradients are the textbook's`, async () => {
        await tf.setBackend(backend);
        const layer = built(make(), shape);
        const [gamma, beta] = layer.getWeights() as [Tensor, Tensor];
        const x = samples(shape);
        const weight = tf.randomNormal(shape, 0, 1, "float32", 9);
        assertClose(layer.apply(x, { training: true }) as Tensor, naive(x, gamma, beta, 1e-3), { tolerance: 2e-6 });
        const byLayer = tf.variableGrads(() =>
          tf.sum(tf.mul(layer.apply(x, { training: true }) as Tensor, weight)).asScalar(),
        ).grads;
        const [dgamma, dbeta] = ["gamma", "beta"].map(
          (name) => byLayer[layer.trainableWeights.find((each) => each.originalName.endsWith(name))!.name]!,
        );
        const [edx, edgamma, edbeta] = tf.grads((...[x, gamma, beta]) =>
          tf.sum(tf.mul(naive(x!, gamma!, beta!, 1e-3), weight)),
        )([x, gamma, beta]) as [Tensor, Tensor, Tensor];
        assertClose(dgamma!, edgamma, { what: "gradient of gamma" });
        assertClose(dbeta!, edbeta, { what: "gradient of beta" });
        const dx = tf.grad((x) => tf.sum(tf.mul(layer.apply(x, { training: true }) as Tensor, weight)))(x);
        assertClose(dx, edx, { what: "gradient of the input" });
        tf.disposeVariables();
        await tf.setBackend("tensorflow");
      });
    }
  }
}

for (const backend of ["tensorflow", "cpu"]) {
  test(`the running variance is unbiased in PyTorch's layer and biased in stock's, ${backend}`, async () => {
    await tf.setBackend(backend);
    const x = tf.tensor2d([[0, 0, 1], [2, 4, 1], [4, -1, 1], [6, 1, 1]]); // prettier-ignore
    // Channel 0: mean 3, Σ(x − 3)² = 20; 1: mean 1, Σ = 14; 2: mean 1, Σ = 0.
    const mean = [0.1 * 0.9 + 0.3, 0.2 * 0.9 + 0.1, 0.3 * 0.9 + 0.1];
    const variance = (divisor: number) => [0.45 + 2 / divisor, 1.8 + 1.4 / divisor, 0.9];
    const cases = [
      { layer: batchNormalization(), expected: [mean, variance(3)] },
      { layer: tf.layers.batchNormalization({ momentum: 0.9 }), expected: [mean, variance(4)] },
    ];
    for (const { layer, expected } of cases) {
      built(layer, [4, 3]).apply(x, { training: true });
      const [, , runningMean, runningVariance] = layer.getWeights() as [Tensor, Tensor, Tensor, Tensor];
      assertClose(runningMean, tf.tensor1d(expected[0]!), { tolerance: 1e-6 });
      assertClose(runningVariance, tf.tensor1d(expected[1]!), { tolerance: 1e-6 });
    }
    tf.disposeVariables();
    await tf.setBackend("tensorflow");
  });
}

test("a training step of a stock layer runs one fused op forward and one backward", () => {
  const layer = built(tf.layers.batchNormalization({}), [4, 5, 6, CHANNELS]);
  const x = samples([4, 5, 6, CHANNELS]);
  const { ops } = countOps(() => {
    tf.variableGrads(() => tf.sum(tf.square(layer.apply(x, { training: true }) as Tensor)).asScalar());
  });
  const [forward, backward] = hasOwnBatchNorm()
    ? (["GradampBatchNorm", "GradampBatchNormGrad"] as const)
    : (["FusedBatchNormV3", "FusedBatchNormGradV3"] as const);
  assert.deepEqual([ops[forward], ops[backward]], [1, 1]);
  assert.equal(ops["Mean"], undefined);
});

test("a stock layer normalises another axis than the last as well", () => {
  const layer = tf.layers.batchNormalization({ axis: 1 });
  const x = samples([4, 3, 5, 6]);
  const y = layer.apply(x, { training: true }) as Tensor;
  const ones = tf.ones([3]);
  assertClose(y, naive(x.transpose([0, 2, 3, 1]), ones, tf.zeros([3]), 1e-3).transpose([0, 3, 1, 2]), {
    tolerance: 1e-5,
  });
});

test("a stock layer without scale and center trains", () => {
  const layer = tf.layers.batchNormalization({ scale: false, center: false });
  const x = samples([8, 3]);
  assertClose(layer.apply(x, { training: true }) as Tensor, naive(x, tf.ones([3]), tf.zeros([3]), 1e-3));
});

test("in evaluation both layers use the running statistics", () => {
  const x = samples([4, 5, 6, CHANNELS]);
  for (const make of Object.values(makers)) {
    const layer = built(make(), [4, 5, 6, CHANNELS]);
    const [gamma, beta, mean, variance] = layer.getWeights() as Tensor1D[];
    const expected = tf.add(tf.mul(tf.div(tf.sub(x, mean!), tf.sqrt(tf.add(variance!, 1e-3))), gamma!), beta!);
    assertClose(layer.apply(x) as Tensor, expected);
  }
});

test("training steps leave no tensors behind, also where the gradient is not asked for", () => {
  for (const make of Object.values(makers)) {
    const layer = built(make(), [4, 5, 6, CHANNELS]);
    const x = samples([4, 5, 6, CHANNELS]);
    const step = () =>
      tf.tidy(() => {
        layer.apply(x, { training: true });
        tf.variableGrads(() => tf.sum(layer.apply(x, { training: true }) as Tensor).asScalar());
      });
    step();
    const { numTensors, numBytes } = tf.memory();
    for (let i = 0; i < 5; i++) step();
    assert.deepEqual([tf.memory().numTensors, tf.memory().numBytes], [numTensors, numBytes]);
  }
});

test("PyTorch's layer serialises as BatchNormalization and comes back, where gradamp is, as what it was", () => {
  const layer = batchNormalization({ name: "norm" });
  assert.equal(layer.getClassName(), "BatchNormalization");
  const config = layer.getConfig();
  assert.equal(config["momentum"], 0.9);
  assert.equal(config["epsilon"], 1e-5);
  const model = tf.sequential({ layers: [batchNormalization({ name: "norm", inputShape: [4, 4, 3] })] });
  const stock = tf.sequential({ layers: [tf.layers.batchNormalization({ inputShape: [4, 4, 3] })] });
  const copy = (original: typeof model) =>
    tf.serialization.SerializationMap.getMap().classNameMap["Sequential"]![1](
      tf.serialization.SerializationMap.getMap().classNameMap["Sequential"]![0] as never,
      original.getConfig() as never,
    ) as typeof model;
  assert.ok(isTorchBatchNormalization(copy(model).layers[0]!));
  assert.ok(!isTorchBatchNormalization(copy(stock).layers[0]!));
});

test("options out of range say what is wrong", () => {
  assert.throws(() => batchNormalization({ epsilon: 0 }), /Expected epsilon to be greater than 0 but found 0/);
  assert.throws(() => batchNormalization({ keep: 1.5 }), RangeError);
});
