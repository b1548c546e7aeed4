import assert from "node:assert/strict";
import { test } from "node:test";
import { modelByName, modelNames, vgg08, vgg38 } from "../../src/models";
import type { LayersModel } from "../../src/tensorflow";

/** The x labels of a gradient-flow figure: layers with a kernel or a gamma, in forward order. */
const labels = (model: LayersModel) =>
  model.layers
    .filter((layer) => layer.trainableWeights.some((w) => /kernel|gamma/.test(w.originalName)))
    .map((l) => l.name);

test("VGG08 has 9 labels, from input_conv_conv_0 to weight_logit_linear_layer", () => {
  assert.deepEqual(labels(vgg08()), [
    "input_conv_conv_0",
    "input_conv_bn_0",
    "reduction_block_0_conv_0",
    "reduction_block_0_conv_1",
    "reduction_block_1_conv_0",
    "reduction_block_1_conv_1",
    "reduction_block_2_conv_0",
    "reduction_block_2_conv_1",
    "weight_logit_linear_layer",
  ]);
});

test("VGG38 has 39 labels and VGG38 BN 75, in forward order", () => {
  assert.equal(labels(vgg38()).length, 39);
  const all = labels(vgg38({ batchNorm: true }));
  assert.equal(all.length, 75);
  assert.deepEqual(all.slice(2, 8), [
    "block_0_0_conv_0",
    "block_0_0_bn_0",
    "block_0_0_conv_1",
    "block_0_0_bn_1",
    "block_0_1_conv_0",
    "block_0_1_bn_0",
  ]);
  assert.deepEqual(all.slice(-3), ["reduction_block_2_conv_1", "reduction_block_2_bn_1", "weight_logit_linear_layer"]);
});

test("only reduction blocks and the head have biases; a block's activations are found by name", () => {
  const model = vgg38({ batchNorm: true });
  const biased = model.layers.filter((layer) => layer.weights.some((w) => w.originalName.endsWith("bias")));
  assert.deepEqual(
    biased.map((layer) => layer.name),
    [0, 1, 2].flatMap((s) => [0, 1].map((c) => `reduction_block_${s}_conv_${c}`)).concat("weight_logit_linear_layer"),
  );
  assert.equal(model.layers.filter((layer) => /_relu_\d$/.test(layer.name)).length, 37);
  assert.equal(model.getLayer("block_0_0_relu_0").getConfig()["alpha"], 0.01);
});

for (const name of modelNames) {
  test(`${name}: the names are the same however often it is built, also after dispose`, () => {
    const names = (model: LayersModel) => model.layers.map((layer) => layer.name);
    const first = modelByName(name, { width: 2 });
    const second = modelByName(name, { width: 2 });
    const expected = names(first);
    assert.equal(new Set(expected).size, expected.length);
    assert.deepEqual(names(second), expected);
    first.dispose();
    second.dispose();
    assert.deepEqual(names(modelByName(name, { width: 2 })), expected);
  });
}
