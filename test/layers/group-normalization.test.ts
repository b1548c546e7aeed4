import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { group } from "../../src/amplification";
import { groupNormalization } from "../../src/layers";
import { type Tensor, tf } from "../../src/tensorflow";
import { assertClose } from "../support/assert-close";
import { symmetric } from "../support/deterministic";
import { readFixture } from "../support/pytorch-fixture";
import { registeredLayers } from "../../src/layers/registered-layers";

// As importing gradamp does.
registeredLayers.install();

interface GroupNormFixture {
  readonly groupNorm: readonly {
    readonly shape: number[];
    readonly groups: number;
    readonly output: number[];
    readonly inputGradient: number[];
    readonly gammaGradient: number[];
    readonly betaGradient: number[];
  }[];
}

const fixture = readFixture<GroupNormFixture>("normalizations.json");

test("there are fixtures of images, of vectors and of sequences", () => {
  assert.deepEqual(fixture.groupNorm.map(({ shape }) => shape.length).sort(), [2, 3, 4, 4, 4]);
});

for (const [at, { shape, groups, ...expected }] of fixture.groupNorm.entries()) {
  test(`group norm of ${groups} groups of [${shape}] is PyTorch's, with the gradients of input, scale and offset`, () => {
    const channels = shape.at(-1)!;
    const given = (name: string, of: number[], bound: number) =>
      tf.tensor(symmetric(`group-norm/${at}/${name}`, tf.util.sizeFromShape(of), bound), of);
    const layer = groupNormalization({ groups });
    layer.build(shape);
    layer.setWeights([given("gamma", [channels], 2), given("beta", [channels], 1)]);
    const x = tf.add(given("x", shape, 3), 1);
    const dy = given("dy", shape, 1);
    const output = layer.apply(x) as Tensor;
    assertClose(output, tf.tensor(expected.output, shape), { tolerance: 3e-6 });
    const { grads } = tf.variableGrads(() => tf.sum(tf.mul(layer.apply(x) as Tensor, dy)).asScalar());
    const weightGradient = (name: string) =>
      grads[layer.trainableWeights.find((weight) => weight.originalName.endsWith(name))!.name]!;
    assertClose(weightGradient("gamma"), tf.tensor(expected.gammaGradient), { tolerance: 3e-6, what: "gamma" });
    assertClose(weightGradient("beta"), tf.tensor(expected.betaGradient), { tolerance: 3e-6, what: "beta" });
    const input = tf.grad((each) => tf.sum(tf.mul(layer.apply(each) as Tensor, dy)))(x);
    assertClose(input, tf.tensor(expected.inputGradient, shape), { tolerance: 3e-6, what: "input" });
  });
}

test("a model with group norm is read again with its groups and epsilon, and is of the group norm", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-norm-"));
  try {
    const model = tf.sequential({ layers: [groupNormalization({ groups: 2, epsilon: 0.5, inputShape: [4, 4, 6], name: "gn" })] }); // prettier-ignore
    const x = tf.randomNormal([2, 4, 4, 6], 3, 2, "float32", 4);
    await model.save(`file://${folder}`);
    const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
    assert.deepEqual((loaded.predict(x) as Tensor).arraySync(), (model.predict(x) as Tensor).arraySync());
    assert.deepEqual(loaded.layers.at(-1)!.getConfig(), model.layers.at(-1)!.getConfig());
    assert.deepEqual(group(loaded, "norm").map(({ name }) => name), ["gn"]); // prettier-ignore
    assert.throws(() => group(loaded, "bn"), RangeError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("groups that don't divide the channels are refused with the layer's name", () => {
  const layer = () => groupNormalization({ groups: 4, name: "third" });
  assert.throws(() => layer().apply(tf.input({ shape: [8, 8, 6] })), /channels of third's input to be a multiple of its 4 groups but found \[, 8, 8, 6\]|found \[null, 8, 8, 6\]/); // prettier-ignore
  for (const groups of [0, 1.5, -1]) assert.throws(() => groupNormalization({ groups }), RangeError);
  assert.throws(() => groupNormalization({ groups: 2, epsilon: 0 }), RangeError);
});
