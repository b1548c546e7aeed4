import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import * as ga from "../../../src";
import { modelTensors } from "../../../src/training/program/model-tensors";

const data = () => ga.embedded({ train: 50, validation: 20, test: 20 });
const model = () => ga.vgg08({ classes: 10, width: 4, seed: 1, batchNorm: true });
const options = { epochs: 2, batchSize: 20, measure: null, progress: false } as const;
const weightsOf = (net: ga.LayersModel) =>
  [...modelTensors(net).values()].map(({ tensor }) => [...tensor.dataSync<"float32">()]);

describe("rows by the step", () => {
  it("have loss, rate and gradient norm of each step, alike in both engines", async () => {
    const runs = [];
    for (const engine of ["graph", "eager"] as const)
      runs.push(await ga.train(model(), data(), { ...options, engine, logEvery: 1 }));
    const [graph, eager] = runs as [ga.Run, ga.Run];
    assert.deepEqual(
      graph.steps.map(({ epoch, step }) => [epoch, step]),
      [1, 1, 1, 2, 2, 2].map((epoch, at) => [epoch, at + 1]),
    );
    graph.steps.forEach((row, at) => {
      assert.ok(Math.abs(row.loss! - eager.steps[at]!.loss!) < 1e-3, `loss of step ${row.step}`);
      assert.ok(Math.abs(row.gradientNorm! / eager.steps[at]!.gradientNorm! - 1) < 1e-2, `norm of step ${row.step}`);
    });
    // Batches of 20, 20 and 10.
    for (const { epoch, trainLoss, trainAccuracy, learningRate } of graph.epochs) {
      const own = graph.steps.filter((row) => row.epoch === epoch);
      const mean = (column: "loss" | "accuracy") =>
        own.reduce((sum, row, at) => sum + row[column]! * [20, 20, 10][at]!, 0) / 50;
      assert.ok(Math.abs(mean("loss") - trainLoss) < 1e-5);
      assert.ok(Math.abs(mean("accuracy") - trainAccuracy!) < 1e-6);
      assert.equal(own.at(-1)!.learningRate, learningRate);
    }
  });

  it("tell the norm of all gradients that measuring tells by the weight", async () => {
    const measure = { statistics: ["norms"], every: 1 } as const;
    const run = await ga.train(model(), data(), { ...options, epochs: 1, logEvery: 1, measure });
    for (const { step, gradientNorm } of run.steps) {
      const own = run.gradients.filter((row) => row.step === step);
      const whole = Math.hypot(...own.map((row) => row["l2"] as number));
      assert.ok(Math.abs(gradientNorm! / whole - 1) < 1e-4);
    }
  });

  it("change nothing of what is trained", async () => {
    const [plain, logged] = [model(), model()];
    await ga.train(plain, data(), options);
    await ga.train(logged, data(), { ...options, logEvery: 1 });
    assert.deepEqual(weightsOf(logged), weightsOf(plain));
  });

  it("are each n-th of the run, with more steps than the device keeps", async () => {
    const { tf } = ga;
    const net = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: "ones" })] });
    const inputs = Array.from({ length: 600 }, (_, at) => [at / 600]);
    const set = await ga.dataset({ train: { inputs, targets: inputs }, classes: null });
    const run = await ga.train(net, set, { ...options, batchSize: 1, loss: "mse", logEvery: 7 });
    assert.deepEqual(
      run.steps.map(({ step }) => step),
      Array.from({ length: Math.floor(1200 / 7) }, (_, at) => 7 * (at + 1)),
    );
    assert.ok(run.steps.every(({ accuracy }) => accuracy === null));
  });

  it("are kept with what callbacks log, and the same where a run is taken up again", async () => {
    const log = ga.keyed("logs", async ({ step, log }: ga.StepDone) => {
      await Promise.resolve();
      log({ half: step / 2 });
    });
    const ended = ga.keyed("epochs", ({ row, log }: ga.EpochDone) => log({ lossOfEpoch: row.trainLoss }));
    const told = { ...options, logEvery: 2, callbacks: { onStep: log, onEpoch: ended, every: 3 } };
    const folder = mkdtempSync(join(tmpdir(), "steps-"));
    const whole = await ga.train(model(), data(), { ...told, save: join(folder, "whole") });
    await ga.train(model(), data(), { ...told, save: { folder: join(folder, "parts"), until: 1 } });
    const again = await ga.train(model(), data(), { ...told, save: join(folder, "parts") });
    assert.deepEqual(again.steps, whole.steps);
    assert.deepEqual(ga.readRun(join(folder, "whole")).steps?.length, whole.steps.length);
    assert.deepEqual(
      whole.steps.map(({ step }) => step),
      [2, 3, 4, 6],
    );
    assert.equal(whole.steps[1]!.loss, null);
    assert.deepEqual([whole.steps[1]!["half"], whole.steps[1]!["lossOfEpoch"]], [1.5, whole.epochs[0]!.trainLoss]);
    const table = ga.runs(folder, { rows: "steps" });
    assert.equal(table.numRows(), 8);
    assert.ok(table.columnNames().includes("half"));
    assert.ok(readdirSync(join(folder, "whole")).includes("steps"));
  });

  it("refuse what is no scalar, or a column's name", async () => {
    for (const [scalars, expected] of [
      [{ loss: 1 }, /none of epoch, step, loss/],
      [{ "a b": 1 }, /letters and digits/],
      [{ a: "1" }, /to be a number but found "1"/],
      [{ a: Promise.resolve(1) }, /await it/],
      [3, /what is logged/],
    ] as const)
      await assert.rejects(
        ga.train(model(), data(), { ...options, callbacks: { onStep: ({ log }) => log(scalars as never) } }),
        expected,
      );
    await assert.rejects(
      ga.train(model(), data(), { ...options, logEvery: 0 }),
      /logEvery to be a whole number above 0/,
    );
  });

  it("end with the epoch in which numbers ceased to be finite", async () => {
    const run = await ga.train(model(), data(), { ...options, optimizer: ga.sgd({ learningRate: 1e30 }), logEvery: 1 });
    assert.equal(run.status, "diverged");
    assert.ok(run.steps.length > 0);
  });
});

describe("a callback that stops training at the end of an epoch", () => {
  it("has the test split evaluated where that is due at the end, as early stopping has", async () => {
    const evaluated: string[] = [];
    const run = await ga.train(model(), data(), {
      ...options,
      epochs: 5,
      metrics: "f1",
      callbacks: { onEpoch: ({ stop }) => stop(), onEvaluate: ({ split }) => void evaluated.push(split) },
    });
    assert.deepEqual(evaluated, ["validation", "test"]);
    const [row] = run.epochs;
    assert.equal(run.status, "stopped early");
    assert.equal(typeof row!.testLoss, "number");
    assert.equal(typeof row!["testF1"], "number");
    const never = await ga.train(model(), data(), {
      ...options,
      test: "never",
      callbacks: { onEpoch: ({ stop }) => stop() },
    });
    assert.equal(never.epochs[0]!.testLoss, null);
  });
});
