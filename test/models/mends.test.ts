/** Norms of other kinds, activations before the convolutions and IC layers as options of VGG38. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { group } from "../../src/amplification";
import { modelByName, type ModelOptions, networkLayers, vgg08, vgg38 } from "../../src/models";
import { checkTrial } from "../../src/spec";
import { type Tensor, tf } from "../../src/tensorflow";
import { sgd } from "../../src/training";
import { assertSameOutcome, outcomeOf } from "../support/both-engines";
import { graphTest as test } from "../support/graph-test";
import { smallSamples } from "../support/small-samples";

const namesOf = (options: ModelOptions) => {
  const model = vgg38({ width: 2, classes: 3, ...options });
  const names = model.layers.map(({ name }) => name);
  model.dispose();
  return names;
};

/** tfjs reads an option that was left out as null. */
const withoutNull = (config: object) =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));

const MENDS: readonly (readonly [network: string, options: ModelOptions])[] = [
  ["vgg08", { norm: "layer" }],
  ["vgg08-bn", { norm: "group" }],
  ["vgg08", { icDropout: 0.25 }],
  ["vgg08", { icDropout: 0, norm: "layer" }],
  ["vgg38-rc", { preActivation: true }],
  ["vgg38-bn-rc", { preActivation: true, norm: "layer", activation: "gelu" }],
  ["vgg08", { initializer: "orthogonal" }],
  ["vgg08", { initializer: "deltaOrthogonal" }],
];

for (const [network, options] of MENDS) {
  test(`${network} ${JSON.stringify(options)} trains to the same weights on both engines`, async () => {
    const data = await smallSamples({});
    const amplify = { group: "norm", ampFactor: 2 } as const;
    const go = (engine: "graph" | "eager") =>
      outcomeOf(network, { width: 4, size: 8, ...options }, data, { amplify, optimizer: sgd({ learningRate: 0.01 }), epochs: 2, batchSize: 6, seed: 3, engine }); // prettier-ignore
    assertSameOutcome(await go("graph"), await go("eager"));
    data.dispose();
  });

  test(`${network} ${JSON.stringify(options)} saved is read again and predicts the same`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "gradamp-mend-"));
    try {
      const model = modelByName(network, { width: 4, classes: 3, ...options });
      const x = tf.randomNormal([2, 32, 32, 3], 0, 1, "float32", 1);
      await model.save(`file://${folder}`);
      const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
      assert.deepEqual((loaded.predict(x) as Tensor).arraySync(), (model.predict(x) as Tensor).arraySync());
      const written = (each: typeof loaded) => each.layers.map((layer) => JSON.stringify(withoutNull(layer.getConfig()))); // prettier-ignore
      assert.deepEqual(written(loaded), written(model));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test("the default is what it was: not a layer more, nor another name", () => {
  const given = { norm: "batch", preActivation: false, icDropout: null } as const;
  assert.deepEqual(
    namesOf({ ...given, batchNorm: true, residual: true }),
    namesOf({ batchNorm: true, residual: true }),
  );
});

test("norms stand where batchNorm says, and after the first convolution", () => {
  for (const [norm, word, className] of [
    ["layer", "ln", "GroupNormalization"],
    ["group", "gn", "GroupNormalization"],
    ["batch", "bn", "BatchNormalization"],
  ] as const)
    // prettier-ignore
    for (const [batchNorm, count] of [[false, 1], ["blocks", 31], ["all", 37]] as const) {
      const model = vgg38({ width: 4, norm, batchNorm });
      const found = group(model, "norm");
      assert.equal(found.length, count);
      assert.ok(found.every((layer) => new RegExp(`_${word}_[01]$`).test(layer.name) && layer.getClassName() === className)); // prettier-ignore
      model.dispose();
    }
  const groupsOf = (width: number, norm: "layer" | "group") =>
    vgg08({ width, norm }).getLayer(norm === "layer" ? "input_conv_ln_0" : "input_conv_gn_0").getConfig()["groups"]; // prettier-ignore
  assert.deepEqual([groupsOf(32, "group"), groupsOf(6, "group"), groupsOf(3, "group"), groupsOf(32, "layer")], [8, 2, 1, 1]); // prettier-ignore
});

test("of a pre-activation residual block nothing lies on the shortcut, from stage to stage", () => {
  const model = vgg38({ width: 2, residual: true, batchNorm: true, preActivation: true });
  const inputs = new Map(networkLayers(model).map((layer) => [layer.name, layer.inputs]));
  for (const stage of [0, 1, 2]) {
    for (const j of [0, 1, 2, 3, 4]) {
      const block = `block_${stage}_${j}`;
      const before = j > 0 ? `block_${stage}_${j - 1}_add` : stage > 0 ? `reduction_block_${stage - 1}_relu_1` : "input_conv_relu_0"; // prettier-ignore
      assert.deepEqual(inputs.get(`${block}_add`), [`${block}_conv_1`, before]);
      const branch = [0, 1].flatMap((i) => [`${block}_bn_${i}`, `${block}_relu_${i}`, `${block}_conv_${i}`]);
      branch.forEach((name, at) => assert.deepEqual(inputs.get(name), [at === 0 ? before : branch[at - 1]], name));
    }
    assert.deepEqual(inputs.get(`closing_block_${stage}_bn_0`), [`block_${stage}_4_add`]);
    assert.deepEqual(inputs.get(`reduction_block_${stage}_conv_0`), [`closing_block_${stage}_relu_0`]);
  }
  model.dispose();
});

test("an IC layer stands directly before all weights but the first convolution's", () => {
  const model = vgg38({ width: 2, icDropout: 0.05, residual: true });
  const inputs = new Map(networkLayers(model).map((layer) => [layer.name, layer.inputs]));
  const weighted = model.layers.filter((layer) => /_conv_\d$|linear_layer$/.test(layer.name)).map(({ name }) => name);
  assert.equal(weighted.length, 38);
  for (const name of weighted.slice(1)) {
    assert.deepEqual(inputs.get(name), [`${name}_ic_dropout`]);
    assert.deepEqual(inputs.get(`${name}_ic_dropout`), [`${name}_ic_bn`]);
    assert.equal(model.getLayer(`${name}_ic_dropout`).getConfig()["rate"], 0.05);
  }
  // The shortcut goes past it.
  assert.ok(inputs.get("block_0_0_add")!.includes("input_conv_relu_0"));
  model.dispose();
  assert.ok(!namesOf({ icDropout: 0 }).some((name) => name.includes("dropout")));
});

test("options that cannot stand together are refused, by the function and in a trial, before any work", () => {
  const trial = (name: string, options: object) => () =>
    checkTrial({ model: { name, options }, data: { name: "embedded" } } as never);
  const shortcut = /Expected residual to be true with preActivation but found false/;
  const blocks = /Expected preActivation to be false for VGG08/;
  assert.throws(() => vgg38({ preActivation: true }), shortcut);
  assert.throws(() => modelByName("vgg38-bn", { preActivation: true }), shortcut);
  assert.throws(trial("vgg38-bn", { preActivation: true }), shortcut);
  assert.throws(() => vgg08({ preActivation: true, residual: true }), blocks);
  assert.throws(trial("vgg08", { preActivation: true, residual: true }), blocks);
  assert.doesNotThrow(trial("vgg38-rc", { preActivation: true }));
  for (const wrong of [1, -0.1, "0.5", Number.NaN] as number[])
    assert.throws(() => vgg08({ icDropout: wrong }), /Expected icDropout to be at least 0 and below 1/);
  for (const wrong of ["instance", true, null] as unknown as "layer"[])
    assert.throws(() => vgg38({ norm: wrong }), /Expected norm to be "batch", "layer" or "group"/);
});
