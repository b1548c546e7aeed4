/** Amplification in a compiled step of one's own (ga.graph.compile). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amplify } from "../../src/amplification";
import { compile, defaultEngine } from "../../src/graph";
import { type Tensor, tf, type Variable } from "../../src/tensorflow";

const skip = defaultEngine() === "graph" ? false : "no graph engine here";

test("a compiled step is amplified as the model is when it is traced, and no longer after remove()", { skip }, () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 2, inputShape: [2], useBias: false, kernelInitializer: "ones", name: "first" }),
      tf.layers.reLU({ name: "relu" }),
      tf.layers.dense({ units: 1, useBias: false, kernelInitializer: "ones", name: "head" }),
    ],
  });
  const kernel = model.getLayer("first").trainableWeights[0]!.read() as Variable;
  const x = tf.ones([1, 2]);
  const slope = () => {
    const step = (input: Tensor) =>
      tf.variableGrads(() => (model.apply(input, { training: true }) as Tensor).sum().asScalar(), [kernel]).grads[kernel.name]!; // prettier-ignore
    return compile(step as never) as unknown as { (input: Tensor): Tensor; dispose(): void };
  };
  const amplified = amplify(model, { group: "relu", ampFactor: 8 });
  const step = slope();
  assert.deepEqual([...step(x).dataSync()], [8, 8, 8, 8]);
  amplified.remove();
  assert.deepEqual([...step(x).dataSync()], [1, 1, 1, 1]);
  step.dispose();
});

test(
  "scope input in a compiled step: the layer's own kernel is left alone, what lies upstream is multiplied",
  { skip },
  () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 2, inputShape: [2], useBias: false, kernelInitializer: "ones", name: "first" }),
        tf.layers.dense({ units: 1, useBias: false, kernelInitializer: "ones", name: "head" }),
      ],
    });
    const kernels = model.trainableWeights.map((weight) => weight.read() as Variable);
    const amplified = amplify(model, { group: ({ name }) => name === "head", ampFactor: 8, scope: "input" });
    const step = compile(((input: Tensor) => {
      const { grads } = tf.variableGrads(
        () => (model.apply(input, { training: true }) as Tensor).sum().asScalar(),
        kernels,
      );
      return kernels.map(({ name }) => grads[name]!);
    }) as never) as unknown as { (input: Tensor): Tensor[]; dispose(): void };
    const [first, head] = step(tf.ones([1, 2])).map((gradient) => [...gradient.dataSync()]);
    assert.deepEqual([first, head], [[8, 8, 8, 8], [2, 2]]); // prettier-ignore
    amplified.remove();
    step.dispose();
  },
);
