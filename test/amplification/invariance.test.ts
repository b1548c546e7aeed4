/** Raw against amplified: what amplification changes of G and G′, and what it leaves (Basodi et al. 2023, eq. 4 and 5). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amplify, type AmplifyOptions } from "../../src/amplification";
import { measure } from "../../src/gradients";
import { type LayersModel, type SymbolicTensor, type Tensor, tf } from "../../src/tensorflow";
import { symmetric } from "../support/deterministic";

const dense = (name: string, seed: number, units = 4) =>
  tf.layers.dense({ name, units, useBias: false, kernelInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed }) }); // prettier-ignore

/** x → a → relu → b → relu → head, with a skip past b where it is residual. */
function network(residual: boolean): LayersModel {
  const input = tf.input({ shape: [4] });
  const apply = (layer: ReturnType<typeof dense>, x: SymbolicTensor | SymbolicTensor[]) => layer.apply(x) as SymbolicTensor; // prettier-ignore
  const x = apply(tf.layers.reLU({ name: "relu_0" }) as never, apply(dense("a", 1), input));
  const y = apply(tf.layers.reLU({ name: "relu_1" }) as never, apply(dense("b", 2), x));
  const joined = residual ? apply(tf.layers.add({ name: "add" }) as never, [x, y]) : y;
  return tf.model({ inputs: input, outputs: apply(dense("head", 3, 2), joined) });
}

/** [G, G′] of each layer over four batches, with or without amplification. */
async function ratios(model: LayersModel, options: AmplifyOptions | null): Promise<Record<string, [number, number]>> {
  const amplified = options && amplify(model, options);
  const measured = measure(model, { statistics: ["directionality"] });
  for (let batch = 0; batch < 4; batch++) {
    const x = tf.tensor2d(symmetric(`invariance/${batch}`, 24, 1), [6, 4]);
    // Pulled this way and that, so that gradients partly cancel.
    const pull = tf.tensor2d(symmetric(`invariance/pull/${batch}`, 12, 1), [6, 2]);
    const { grads } = tf.variableGrads(() => (model.apply(x, { training: true }) as Tensor).mul(pull).mean());
    measured.observe(grads);
  }
  const { directionality } = await measured.read();
  measured.dispose();
  amplified?.remove();
  return Object.fromEntries(directionality.map(({ layer, G, GPrime }) => [layer, [G, GPrime]]));
}

const anyWeights: AmplifyOptions["group"] = (layer) => layer.trainableWeights.length > 0;

for (const [name, residual, options] of [
  ["in a chain under backprop", false, { group: "relu", ampFactor: 4 }],
  ["in a chain under parameters", false, { group: anyWeights, ampFactor: 4, scope: "parameters" }],
  ["in a residual network under parameters", true, { group: anyWeights, ampFactor: 4, scope: "parameters" }],
] as const satisfies readonly (readonly [string, boolean, AmplifyOptions])[]) {
  test(`${name}, amplified gradients give the same G and G′, exactly for a power of two`, async () => {
    const model = network(residual);
    const plain = await ratios(model, null);
    assert.ok(Object.values(plain).every(([G, GPrime]) => G > 0 && G < 1 && GPrime > 0 && GPrime < 1));
    assert.deepEqual(await ratios(model, options), plain);
  });
}

test("in a residual network under backprop they do not: skip path and block are mixed anew", async () => {
  const model = network(true);
  const [plain, amplified] = [await ratios(model, null), await ratios(model, { group: (layer) => layer.name === "b", ampFactor: 4 })]; // prettier-ignore
  assert.ok(Math.abs(amplified["a"]![0] - plain["a"]![0]) > 1e-3, `${amplified["a"]} against ${plain["a"]}`);
  // Where nothing is mixed nothing changes.
  assert.deepEqual([amplified["b"], amplified["head"]], [plain["b"], plain["head"]]);
});
