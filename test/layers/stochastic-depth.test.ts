import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import * as ga from "../../src";

const { tf } = ga;

describe("stochasticDepth", () => {
  it("leaves out whole samples in training, keeps their mean, and changes nothing otherwise", () => {
    const layer = ga.stochasticDepth({ rate: 0.25 });
    const x = tf.ones([4000, 3, 2]);
    const sums = [...(layer.apply(x, { training: true }) as ga.Tensor).sum([1, 2]).dataSync()];
    assert.ok(sums.every((sum) => sum === 0 || Math.abs(sum - 6 / 0.75) < 1e-5));
    const share = sums.filter((sum) => sum === 0).length / 4000;
    // Four standard deviations.
    assert.ok(Math.abs(share - 0.25) < 4 * Math.sqrt((0.25 * 0.75) / 4000), `share ${share}`);
    const plain = layer.apply(x) as ga.Tensor;
    assert.deepEqual([...plain.dataSync()], [...x.dataSync()]);
  });

  const make = () => {
    const input = tf.input({ shape: [4] });
    const dense = (units: number, seed: number) =>
      tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotUniform({ seed }) });
    const branch = ga.stochasticDepth({ rate: 0.5, name: "depth" }).apply(dense(4, 1).apply(input));
    const sum = tf.layers.add().apply([input, branch as typeof input]);
    return tf.model({ inputs: input, outputs: dense(3, 2).apply(sum) as typeof input });
  };
  const inputs = Array.from({ length: 30 }, (_, at) => [0, 1, 2, 3].map((one) => Math.sin(at + one)));
  const samples = { inputs, targets: inputs.map((_, at) => at % 3) };
  const options = { epochs: 2, batchSize: 10, measure: null, progress: false } as const;

  it("trains alike each time by the run's seed, is saved and comes back", async () => {
    const data = await ga.dataset({ train: samples, validation: samples });
    const folder = join(mkdtempSync(join(tmpdir(), "depth-")), "run");
    const runs = [];
    for (const [seed, save] of [
      [1, folder],
      [1, null],
      [2, null],
    ] as const)
      // prettier-ignore
      runs.push(await ga.train(make(), data, { ...options, seed, save }));
    const losses = runs.map(({ epochs }) => epochs.map(({ trainLoss }) => trainLoss));
    assert.deepEqual(losses[0], losses[1]);
    assert.notDeepEqual(losses[0], losses[2]);
    const model = await ga.loadModel(folder);
    const { loss } = await ga.evaluate(model, data, data.validation);
    assert.ok(Math.abs(loss - runs[0]!.epochs[1]!.validationLoss!) < 1e-6);
  });

  it("trains in the eager engine, too", async () => {
    const data = await ga.dataset({ train: samples });
    const run = await ga.train(make(), data, { ...options, engine: "eager" });
    assert.equal(run.status, "finished");
    assert.ok(run.epochs.every(({ trainLoss }) => Number.isFinite(trainLoss)));
  });

  it("refuses what is no rate", () => {
    for (const rate of [1, -0.1, Number.NaN, "0.1", undefined])
      assert.throws(() => ga.stochasticDepth({ rate: rate as number }), /rate/);
  });
});
