import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { modelFromFile } from "../../../src/models/own/model-from-file";
import { kerasTopology } from "../../../src/models/own/keras-topology";
import { type Tensor, tf } from "../../../src/tensorflow";
import { temporaryFolder } from "../../runs/support";

/** A network as Keras 3 saved it, with each layer's weights, and what it makes of its inputs. */
interface Fixture {
  readonly topology: object;
  readonly weights: readonly (readonly number[][])[];
  readonly inputs: readonly number[][];
  readonly outputs: readonly number[][];
}

const folder = temporaryFolder({ after } as never);
const fixture = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "..", "test", "fixtures", "keras", `${name}.json`), "utf8")) as Fixture; // prettier-ignore
const saved = (content: object) => {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
};

describe("a network that Keras 3 saved makes the same numbers", () => {
  for (const name of ["functional", "sequential", "nested"])
    test(name, async () => {
      const { topology, weights, inputs, outputs } = fixture(name);
      const model = await modelFromFile(saved(topology));
      // Keras has no layer for the input of a sequential network.
      const layers = model.layers.slice(model.layers.length - weights.length);
      layers.forEach((layer, at) => layer.setWeights(weights[at]!.map((values) => tf.tensor(values))));
      const given = inputs.map((values) => tf.tensor(values));
      const made = [model.predict(given.length > 1 ? given : given[0]!)].flat() as Tensor[];
      assert.equal(made.length, outputs.length);
      made.forEach((output, at) => {
        const difference = tf.max(tf.abs(tf.sub(output, tf.tensor(outputs[at]!)))).dataSync()[0]!;
        assert.ok(difference < 2e-6, `output ${at} differs by ${difference}`);
      });
    });
});

test("what tfjs's layer of that name does not do is refused, not left out", async () => {
  await assert.rejects(modelFromFile(saved(fixture("refused").topology)), {
    name: "RangeError",
    message: /^Expected groups of the Conv2D conv2d\w* to be 1, as of tfjs's layer, but found 2$/,
  });
  const layer = (class_name: string, config: object) => ({ module: "keras", class_name: "Sequential", config: { name: "s", layers: [{ module: "keras.layers", class_name, config: { name: "l", batch_shape: [null, 4], ...config }, registered_name: null }] }, registered_name: "Sequential" }); // prettier-ignore
  for (const [topology, message] of [
    [layer("ReLU", { negative_slope: 0.3 }), /negative_slope of the ReLU l to be 0/],
    [layer("LayerNormalization", { rms_scaling: true }), /rms_scaling of the LayerNormalization l to be false/],
    [layer("GlobalAveragePooling2D", { keepdims: true }), /keepdims of the GlobalAveragePooling2D l to be false/],
    [layer("Dense", { units: 1, activation: "hard_sigmoid" }), /tfjs computes as Keras 3 does but found "hard_sigmoid"/], // prettier-ignore
  ] as const)
    assert.throws(() => kerasTopology(topology), message);
  await assert.rejects(modelFromFile(saved(layer("RMSNormalization", {}))), /a network of tfjs's layers but Unknown layer: RMSNormalization/); // prettier-ignore
});

test("what tfjs and Keras 2 saved is read as it is, with tfjs's weights", async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  let artifacts = {} as { modelTopology: object; weightSpecs: object[]; weightData: ArrayBuffer };
  await model.save(tf.io.withSaveHandler(async (given) => ((artifacts = given as typeof artifacts), { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } }))); // prettier-ignore
  writeFileSync(join(folder, "weights.bin"), Buffer.from(artifacts.weightData));
  const file = saved({ modelTopology: artifacts.modelTopology, weightsManifest: [{ paths: ["weights.bin"], weights: artifacts.weightSpecs }] }); // prettier-ignore
  const input = tf.tensor([[1, 2, 3]]);
  const numbers = (one: typeof model) => [...(one.predict(input) as Tensor).dataSync()];
  assert.deepEqual(numbers((await modelFromFile(file)) as typeof model), numbers(model));

  const keras2 = saved({ modelTopology: { model_config: JSON.parse(model.toJSON() as string) as object } });
  assert.deepEqual((await modelFromFile(keras2)).outputs[0]!.shape, [null, 2]);
  await assert.rejects(modelFromFile(saved({ a: 1 })), /topology with class_name and config but found \{"a":1\}/);
});
