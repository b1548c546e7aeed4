import assert from "node:assert/strict";
import { test } from "node:test";
import { modelByName, type ModelName, resnet18, trainableParameters, vgg08, vgg38 } from "../../src/models";
import { type LayersModel, tf } from "../../src/tensorflow";

const count = (model: LayersModel, className: RegExp) =>
  model.layers.filter((layer) => className.test(layer.getClassName())).length;

const constantWidth: [string, () => LayersModel, number][] = [
  ["VGG08", () => vgg08(), 59_716],
  ["VGG08 BN", () => vgg08({ batchNorm: true }), 60_100],
  ["VGG38", () => vgg38(), 336_196],
  ["VGG38 RC", () => vgg38({ residual: true }), 336_196],
  ["VGG38 BN", () => vgg38({ batchNorm: "all" }), 338_500],
  ["VGG38 BN+RC", () => vgg38({ batchNorm: true, residual: true }), 338_500],
  ["VGG38 BN in blocks only", () => vgg38({ batchNorm: "blocks" }), 338_116],
];
for (const [name, make, parameters] of constantWidth) {
  test(`${name} has ${parameters} trainable parameters`, () => {
    const model = make();
    assert.equal(trainableParameters(model), parameters);
    assert.deepEqual(model.outputs[0]!.shape, [null, 100]);
    model.dispose();
  });
}

// name, parameters with 10 and 100 classes, and how large the papers' groups are: bn, relu, one batch norm per block
const imageClassifiers: [ModelName, number, number, number, number, number][] = [
  ["vgg19", 20_040_522, 20_086_692, 16, 16, 0],
  ["resnet18", 11_173_962, 11_220_132, 20, 17, 8],
  ["resnet34", 21_282_122, 21_328_292, 36, 33, 16],
  ["resnet50", 23_520_842, 23_705_252, 53, 49, 16],
  ["resnet101", 42_512_970, 42_697_380, 104, 100, 33],
];
for (const [name, with10, with100, batchNorms, relus, blocks] of imageClassifiers) {
  test(`${name} has ${with10} or ${with100} parameters, ${batchNorms} batch norms, ${relus} ReLUs, ${blocks} blocks`, () => {
    const model = modelByName(name);
    assert.equal(trainableParameters(model), with10);
    assert.equal(count(model, /^BatchNormalization$/), batchNorms);
    assert.equal(count(model, /^ReLU$/), relus);
    assert.equal(count(model, /^Add$/), blocks);
    model.dispose();
    const larger = modelByName(name, { classes: 100 });
    assert.equal(trainableParameters(larger), with100);
    larger.dispose();
  });
}

test("the count leaves running statistics out, countParams takes them in", () => {
  const model = resnet18({ width: 2 });
  const statistics = model.weights.filter((weight) => !weight.trainable).reduce((n, { shape }) => n + shape[0]!, 0);
  assert.equal(model.countParams(), trainableParameters(model) + statistics);
  model.dispose();
});

test("a strided 3×3 convolution pads on all four sides, as PyTorch does", () => {
  const model = resnet18({ width: 2, inputShape: [8, 8, 3] });
  const padding = model.getLayer("block_1_0_conv_0_pad");
  const padded = padding.apply(tf.ones([1, 4, 4, 2])) as unknown as { arraySync(): number[][][][] };
  const first = padded.arraySync()[0]!.map((row) => row.map((pixel) => pixel[0]));
  assert.deepEqual(first[0], [0, 0, 0, 0, 0, 0]);
  assert.deepEqual(first[5], [0, 0, 0, 0, 0, 0]);
  assert.deepEqual(first[2], [0, 1, 1, 1, 1, 0]);
  assert.deepEqual(model.getLayer("block_1_0_conv_0").outputShape, [null, 4, 4, 4]);
  model.dispose();
});
