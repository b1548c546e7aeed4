import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isTorchBatchNormalization } from "../../src/layers";
import { modelByName, type ModelOptions } from "../../src/models";
import { type Tensor, tf } from "../../src/tensorflow";

/** Loads a saved model with nothing but stock tfjs, on its JavaScript backend, and prints its prediction for given input. */
const STOCK = `
const tf = require("@tensorflow/tfjs");
const { readFileSync } = require("fs");
const folder = process.argv[1];
const { modelTopology, weightsManifest } = JSON.parse(readFileSync(folder + "/model.json", "utf8"));
const bytes = readFileSync(folder + "/weights.bin");
tf.loadLayersModel(tf.io.fromMemory({
  modelTopology,
  weightSpecs: weightsManifest[0].weights,
  weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
})).then((model) => {
  const x = tf.tensor(JSON.parse(readFileSync(folder + "/input.json", "utf8")));
  const gradamp = Object.keys(require.cache).some((file) => /dist.src/.test(file));
  console.log(JSON.stringify({ backend: tf.getBackend(), gradamp, y: model.predict(x).arraySync() }));
});`;

const CASES: readonly (readonly [name: string, options?: ModelOptions])[] = [
  ["vgg08-bn"],
  ["vgg38-bn-rc"],
  ["vgg19"],
  ["resnet18"],
  ["resnet50"],
  ["vgg08", { activation: "elu" }],
  ["vgg08", { activation: "gelu" }],
  ["vgg38", { activation: "selu" }],
  ["vgg38-bn-rc", { preActivation: true }],
  ["vgg38", { initializer: "orthogonal" }],
  ["vgg38-bn", { icDropout: 0.05 }],
];

for (const [name, options = {}] of CASES) {
  test(`${[name, ...Object.values(options)].join(" ")} saved by gradamp predicts the same in stock tfjs`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "gradamp-save-"));
    try {
      const model = modelByName(name, { width: 4, classes: 5, ...options });
      const x = tf.randomNormal([2, 32, 32, 3], 0, 1, "float32", 1);
      // Running statistics that are not the initial ones.
      for (let i = 0; i < 3; i++) tf.dispose(model.apply(tf.add(x, i), { training: true }) as Tensor);
      await model.save(`file://${folder}`);
      writeFileSync(join(folder, "input.json"), JSON.stringify(x.arraySync()));
      const printed = execFileSync(process.execPath, ["-e", STOCK, folder], { cwd: join(__dirname, "../../.."), encoding: "utf8" }); // prettier-ignore
      const stock = JSON.parse(printed.trim().split("\n").at(-1)!) as {
        backend: string;
        gradamp: boolean;
        y: number[][];
      };
      assert.deepEqual([stock.backend, stock.gradamp], ["cpu", false]);
      const ours = (model.predict(x) as Tensor).arraySync() as number[][];
      const largest = Math.max(...ours.flat().map(Math.abs));
      ours.forEach((row, i) =>
        row.forEach((value, j) =>
          assert.ok(Math.abs(value - stock.y[i]![j]!) <= 1e-4 * largest, `${value} ${stock.y[i]![j]}`),
        ),
      );
      const { modelTopology } = JSON.parse(readFileSync(join(folder, "model.json"), "utf8")) as {
        modelTopology: { config: { layers: { class_name: string }[] } };
      };
      assert.ok(modelTopology.config.layers.some((layer) => layer.class_name === "BatchNormalization"));

      const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
      assert.deepEqual(
        loaded.layers.map((layer) => layer.name),
        model.layers.map((layer) => layer.name),
      );
      assert.ok(loaded.layers.some(isTorchBatchNormalization));
      assert.deepEqual((loaded.predict(x) as Tensor).arraySync(), ours);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
