/** The order of things in a step: raw → amplified → clipped → weight decay → momentum → update. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset } from "../../src/datasets";
import { type LayersModel, type Scalar, type Tensor, tf } from "../../src/tensorflow";
import { sgd, startTraining, type TrainOptions } from "../../src/training";

/** One weight w = 3 of a linear layer: the output for x = 1 is w. */
function single(): LayersModel {
  const kernelInitializer = tf.initializers.constant({ value: 3 });
  return tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false, name: "w", kernelInitializer })] }); // prettier-ignore
}

/** w after so many steps with a loss whose gradient is `slope` everywhere. */
async function trained(slope: number, steps: number, options: TrainOptions): Promise<number> {
  const model = single();
  const data = await dataset({ train: { inputs: Array.from({ length: steps }, () => [1]), targets: Array.from({ length: steps }, () => 0.5) }, classes: null }); // prettier-ignore
  const loss = (prediction: Tensor | Tensor[]) => tf.mul(tf.mean([prediction].flat()[0]!), slope) as Scalar;
  await startTraining(model, data, { epochs: 1, batchSize: 1, loss, measure: null, ...options }).finished;
  return model.getWeights()[0]!.dataSync()[0]!;
}

const near = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-5, `${found} against ${expected}`); // prettier-ignore
const rate = 0.5;

describe("a step", () => {
  test("clips what is amplified: amplification cannot get past clipNorm", async () => {
    const amplify = { group: (layer: { name: string }) => layer.name === "w", ampFactor: 8 };
    const optimizer = sgd({ learningRate: rate, momentum: 0 });
    near(await trained(0.25, 1, { optimizer, amplify }), 3 - rate * 2);
    near(await trained(0.25, 1, { optimizer, amplify, clipNorm: 1 }), 3 - rate * 1);
    // Clipped before it is amplified, it would have moved by 8 · 0.25.
    near(await trained(0.25, 1, { optimizer, clipNorm: 1 }), 3 - rate * 0.25);
  });

  test("adds weight decay after clipping, neither clipped nor amplified", async () => {
    const optimizer = sgd({ learningRate: rate, momentum: 0, weightDecay: 0.1 });
    const amplify = { group: (layer: { name: string }) => layer.name === "w", ampFactor: 8 };
    near(await trained(0, 1, { optimizer, amplify, clipNorm: 1e-3 }), 3 - rate * 0.1 * 3);
    near(await trained(0.25, 1, { optimizer, amplify, clipNorm: 1 }), 3 - rate * (1 + 0.1 * 3));
  });

  test("momentum gathers what is clipped and decayed", async () => {
    const optimizer = sgd({ learningRate: rate, momentum: 0.5, weightDecay: 0 });
    // Steps of 1, then 1 + 0.5.
    near(await trained(4, 2, { optimizer, clipNorm: 1 }), 3 - rate * (1 + 1.5));
  });
});
