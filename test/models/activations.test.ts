/** ELU, GELU and SELU as options of VGG08 and VGG38. */
import assert from "node:assert/strict";
import { group } from "../../src/amplification";
import { trialModel } from "../../src/experiments";
import { vgg08, vgg38 } from "../../src/models";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";
import { sgd } from "../../src/training";
import { assertSameOutcome, outcomeOf } from "../support/both-engines";
import { graphTest as test } from "../support/graph-test";
import { measureGradients } from "../support/pytorch-fixture";
import { smallSamples } from "../support/small-samples";

const SCALE = 1.0507009873554805;
const ALPHA = 1.6732632423543772;
/** Φ(x) to seven digits, from tables of the normal distribution. */
const NORMAL_CDF: Readonly<Record<string, number>> = { "-2": 0.0227501, "-0.5": 0.3085375, "0": 0.5, "0.5": 0.6914625, "1.5": 0.9331928 }; // prettier-ignore

/** What the papers define, in double precision. */
const DEFINED = {
  elu: (x: number) => (x > 0 ? x : Math.exp(x) - 1),
  gelu: (x: number) => x * NORMAL_CDF[String(x)]!,
  selu: (x: number) => SCALE * (x > 0 ? x : ALPHA * (Math.exp(x) - 1)),
} as const;
const names = Object.keys(DEFINED) as (keyof typeof DEFINED)[];

const kernelOf = (model: LayersModel, layer: string) => model.getLayer(layer).getWeights()[0]!.dataSync();
const variance = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x * x, 0) / values.length;

for (const activation of names) {
  test(`every activation of a VGG with ${activation} computes what its paper defines`, () => {
    const model = vgg38({ width: 2, classes: 3, activation });
    const found = group(model, "activation");
    // One after the first convolution, two in each of fifteen processing and three reduction blocks.
    assert.equal(found.length, 37);
    const points = Object.keys(NORMAL_CDF).map(Number);
    for (const layer of found) {
      assert.match(layer.name, new RegExp(`_${activation}_[01]$`));
      const values = (layer.apply(tf.tensor(points)) as Tensor).dataSync();
      points.forEach((x, i) =>
        assert.ok(Math.abs(values[i]! - DEFINED[activation](x)) < 1e-6, `${layer.name} at ${x}`),
      );
    }
    model.dispose();
  });

  test(`VGG08 with ${activation} trains to the same weights on both engines, amplified at its activations`, async () => {
    const data = await smallSamples({});
    const options = { amplify: { group: "activation", ampFactor: 2 }, optimizer: sgd({ learningRate: 0.01 }) } as const;
    const go = (engine: "graph" | "eager") =>
      outcomeOf("vgg08", { width: 4, size: 8, activation }, data, { ...options, epochs: 2, batchSize: 6, seed: 3, engine }); // prettier-ignore
    assertSameOutcome(await go("graph"), await go("eager"));
    data.dispose();
  });
}

test("SELU's kernels start with variance 1/fan-in and zero biases, unless another initializer is given", () => {
  const fanIn = 9 * 16;
  const selu = vgg08({ width: 16, activation: "selu" });
  const kernel = kernelOf(selu, "reduction_block_1_conv_0");
  // Four standard errors of the variance of so many normal numbers.
  assert.ok(Math.abs(variance(kernel) * fanIn - 1) < 4 * Math.sqrt(2 / kernel.length), `${variance(kernel) * fanIn}`);
  assert.ok(selu.getLayer("reduction_block_1_conv_0").getWeights()[1]!.dataSync().every((bias) => bias === 0)); // prettier-ignore
  const named = vgg08({ width: 16, initializer: "leCunNormal" });
  assert.deepEqual(kernelOf(named, "reduction_block_1_conv_0"), kernel);
  const torch = vgg08({ width: 16, activation: "selu", initializer: "torch" });
  assert.deepEqual(kernelOf(torch, "reduction_block_1_conv_0"), kernelOf(vgg08({ width: 16 }), "reduction_block_1_conv_0")); // prettier-ignore
  // A trial starts from its own seed, and is the same network.
  const byTrial = trialModel({ seed: 0, model: { name: "vgg08", options: { width: 16, activation: "selu" } } });
  assert.deepEqual(kernelOf(byTrial, "reduction_block_1_conv_0"), kernel);
});

test("an activation that there is not is refused with those that there are", () => {
  for (const wrong of ["relu", "ELU", 3, null] as unknown as "elu"[])
    assert.throws(
      () => vgg38({ activation: wrong }),
      /Expected activation to be "leakyRelu", "elu", "gelu" or "selu" but found/,
    );
});

test("at the start of VGG38 gradients vanish with ELU and GELU too, and not with SELU and its initialiser", () => {
  const flow = (options: Parameters<typeof vgg38>[0]) => {
    const model = vgg38(options);
    const { gradients } = measureGradients(model, 0, 32);
    model.dispose();
    return gradients["input_conv_conv_0/kernel"]![0] / gradients["weight_logit_linear_layer/kernel"]![0];
  };
  for (const seed of [0, 1, 2]) {
    const selu = flow({ seed, activation: "selu" });
    assert.ok(selu > 0.1 && selu < 10, `seed ${seed}: SELU's input to head ${selu}`);
    // It is both that do it: from PyTorch's start SELU vanishes too, if less.
    for (const options of [
      { activation: "elu" },
      { activation: "gelu" },
      { activation: "selu", initializer: "torch" },
    ] as const) {
      const found = flow({ seed, ...options });
      assert.ok(
        found > 0 && found < (options.activation === "selu" ? 1e-2 : 1e-6),
        `seed ${seed}: ${JSON.stringify(options)} ${found}`,
      );
    }
  }
});
