import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import * as ga from "../../../src";
import { modelTensors } from "../../../src/training/program/model-tensors";

const data = () => ga.embedded({ train: 50, validation: 20, test: 20 });
const model = () => ga.vgg08({ classes: 10, width: 4, seed: 1, batchNorm: true });
const options = { epochs: 3, batchSize: 20, measure: null, progress: false, averageWeights: 0.8 } as const;
const weightsOf = (net: ga.LayersModel) =>
  [...modelTensors(net).values()].flatMap(({ tensor }) => [...tensor.dataSync<"float32">()]);

describe("averageWeights", () => {
  for (const engine of ["graph", "eager"] as const)
    it(`ends with the moving average of the weights that each step left: ${engine}`, async () => {
      const net = model();
      let expected = weightsOf(net);
      const onStep = () => {
        expected = weightsOf(net).map((weight, at) => 0.8 * expected[at]! + 0.2 * weight);
      };
      const set = data();
      const run = await ga.train(net, set, { ...options, engine, callbacks: { onStep } });
      const found = weightsOf(net);
      const off = Math.max(...found.map((value, at) => Math.abs(value - expected[at]!) / (1 + Math.abs(value))));
      assert.ok(off < 1e-5, `off by ${off}`);
      const { loss, accuracy } = await ga.evaluate(net, set, set.validation);
      assert.ok(Math.abs(loss - run.epochs.at(-1)!.validationLoss!) < 1e-5);
      assert.equal(accuracy, run.epochs.at(-1)!.validationAccuracy);
    });

  it("leaves the weights that are trained as they would be", async () => {
    const found: number[][] = [];
    for (const given of [options, { ...options, averageWeights: undefined }]) {
      const net = model();
      await ga.train(net, data(), { ...given, callbacks: { onEpoch: ({ row }: ga.EpochDone) => void (row.epoch === 3 && found.push(weightsOf(net))) } } as never); // prettier-ignore
    }
    assert.deepEqual(found[0], found[1]);
  });

  it("is kept, taken up again, and what a kept model comes with", async () => {
    const folder = mkdtempSync(join(tmpdir(), "averages-"));
    const [whole, parts] = [model(), model()];
    const set = data();
    const run = await ga.train(whole, set, { ...options, save: join(folder, "whole") });
    await ga.train(model(), set, { ...options, save: { folder: join(folder, "parts"), until: 1 } });
    const again = await ga.train(parts, set, { ...options, save: join(folder, "parts") });
    assert.deepEqual(again.epochs.map(({ validationLoss }) => validationLoss), run.epochs.map(({ validationLoss }) => validationLoss)); // prettier-ignore
    assert.deepEqual(weightsOf(parts), weightsOf(whole));
    const last = await ga.loadModel(join(folder, "whole"));
    assert.deepEqual(weightsOf(last), weightsOf(whole));
    const best = await ga.loadModel(join(folder, "whole"), { epoch: "best" });
    const { best: row } = ga.readRunInfo(join(folder, "whole"));
    const { loss } = await ga.evaluate(best, set, set.validation);
    assert.ok(Math.abs(loss - row!.validationLoss!) < 1e-5);
  });

  it("goes with the weights of the best epoch", async () => {
    const net = model();
    const set = data();
    const earlyStopping = { on: "validationLoss", patience: 3, restoreBest: true } as const;
    const run = await ga.train(net, set, { ...options, earlyStopping });
    const { loss } = await ga.evaluate(net, set, set.validation);
    assert.ok(Math.abs(loss - Math.min(...run.epochs.map(({ validationLoss }) => validationLoss!))) < 1e-5);
  });

  it("refuses what is no decay", async () => {
    for (const averageWeights of [1, -0.1, Number.NaN, "0.9"])
      await assert.rejects(
        ga.train(model(), data(), { ...options, averageWeights: averageWeights as number }),
        /averageWeights/,
      );
  });
});
