/** Gradients at the start, at full width, against PyTorch; the larger ResNets are in parity.long.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelNames, vgg38 } from "../../src/models";
import { tf } from "../../src/tensorflow";
import {
  assertLossParity,
  assertParity,
  fixtureModel,
  measureGradients,
  readFixture,
  type LayersFixture,
  type Step0Fixture,
} from "../support/pytorch-fixture";
import { uniforms } from "../support/deterministic";

test("the shared random numbers are PyTorch's side's, bit for bit", () => {
  const { key, first } = readFixture<LayersFixture>("layers.json").uniforms;
  uniforms(key, first.length).forEach((value, i) =>
    assert.ok(Math.abs(value - first[i]!) < 1e-9, `${value} ${first[i]}`),
  );
});

for (const name of modelNames.filter((name) => !/resnet(34|50|101)/.test(name))) {
  test(`${name}: loss and every weight's gradient at the start are PyTorch's`, () => {
    const fixture = readFixture<Step0Fixture>(`step0/${name}.json`);
    assert.equal(fixture.network, name);
    const before = tf.memory().numTensors;
    const model = fixtureModel(fixture);
    const { loss, gradients } = measureGradients(model, 0, fixture.batch);
    model.dispose();
    assertLossParity(loss, fixture.loss);
    assertParity(gradients, fixture.gradients);
    assert.equal(tf.memory().numTensors, before);
  });
}

for (const mend of ["elu", "gelu", "selu", "layer-norm", "group-norm", "pre-activation", "pre-activation-bn", "ic"]) {
  test(`VGG38 with ${mend}: loss and every weight's gradient at the start are PyTorch's`, () => {
    const fixture = readFixture<Step0Fixture>(`mends/${mend}.json`);
    const model = fixtureModel(fixture);
    const { loss, gradients } = measureGradients(model, 0, fixture.batch);
    model.dispose();
    assertLossParity(loss, fixture.loss);
    assertParity(gradients, fixture.gradients);
  });
}

test("the comparison notices one wrong sign, one transposed kernel and one scaled layer", () => {
  const fixture = readFixture<Step0Fixture>("step0/vgg08.json");
  const model = fixtureModel(fixture);
  const { gradients } = measureGradients(model, 0, fixture.batch);
  model.dispose();
  const name = "reduction_block_1_conv_0/kernel";
  const [meanAbs, norm, probe] = gradients[name]!;
  for (const wrong of [
    [meanAbs, norm, -probe],
    [meanAbs, norm, 0.9 * probe],
    [1.001 * meanAbs, norm, probe],
  ] as const) {
    // prettier-ignore
    assert.throws(() => assertParity({ ...gradients, [name]: wrong }, fixture.gradients), /reduction_block_1_conv_0/);
  }
});

test("VGG38's gradients vanish: about 1e-18 at the input, 1e-4 at the head, in PyTorch and here", () => {
  const { gradients } = readFixture<Step0Fixture>("step0/vgg38.json");
  const input = gradients["input_conv_conv_0/kernel"]!.float64[0];
  const head = gradients["weight_logit_linear_layer/kernel"]!.float64[0];
  assert.ok(input > 1e-19 && input < 1e-17, `PyTorch has ${input} at the input`);
  assert.ok(head > 3e-5 && head < 3e-4, `PyTorch has ${head} at the head`);
});

const inputAndHead = (options: Parameters<typeof vgg38>[0]) => {
  const model = vgg38(options);
  const { gradients } = measureGradients(model, 0, 32);
  model.dispose();
  return [gradients["input_conv_conv_0/kernel"]![0], gradients["weight_logit_linear_layer/kernel"]![0]] as const;
};

test("so they do from gradamp's own start, at every seed, and not with He's, batch norm or shortcuts", () => {
  for (const seed of [0, 1, 2]) {
    const [input, head] = inputAndHead({ seed });
    assert.ok(input > 1e-20 && input < 1e-16, `seed ${seed}: ${input} at the input`);
    assert.ok(head > 1e-5 && head < 1e-3, `seed ${seed}: ${head} at the head`);
  }
  for (const options of [{ initializer: "heNormal" as const }, { batchNorm: true }, { residual: true }]) {
    const [input] = inputAndHead(options);
    assert.ok(input > 1e-7, `${JSON.stringify(options)}: ${input} at the input`);
  }
});
