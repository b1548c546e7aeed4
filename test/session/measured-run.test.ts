import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import * as ga from "../../src";

const { tf } = ga;
const kernel = () => tf.initializers.glorotUniform({ seed: 3 });
const make = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [3], activation: "tanh", kernelInitializer: kernel(), name: "first" }),
      tf.layers.dense({ units: 2, kernelInitializer: kernel(), name: "second" }),
    ],
  });
const inputs = Array.from({ length: 20 }, (_, at) => [Math.sin(at), Math.cos(at), (at % 5) / 5]);
const targets = inputs.map(([x, y, z]) => [x! - z!, y! * z!]);
const statistics = ["gradientFlow", "updates", "directionality"] as const;

/** What `ga.train` makes of the same, without shuffling it: each epoch is one batch. */
async function trained(every: "epoch" | number) {
  const data = await ga.dataset({ train: { inputs, targets }, validation: { inputs, targets }, classes: null });
  const measure = { statistics, every };
  const optimizer = ga.sgd({ learningRate: 0.1, momentum: 0 });
  return ga.train(make(), data, {
    epochs: 3,
    batchSize: 20,
    loss: "mse",
    optimizer,
    measure,
    logEvery: 1,
    progress: false,
  });
}

function assertAlike(found: ga.Run, expected: ga.Run): void {
  assert.equal(found.gradients.length, expected.gradients.length);
  const close = (own: unknown, other: unknown, what: string) =>
    assert.ok(Object.is(own, other) || Math.abs((own as number) - (other as number)) <= 1e-5 * (1 + Math.abs(other as number)), `${what}: ${String(own)}, ${String(other)}`); // prettier-ignore
  found.gradients.forEach((row, at) => {
    const other = expected.gradients[at]!;
    assert.deepEqual(
      [row.epoch, row.step, row.layer, row.weight],
      [other.epoch, other.step, other.layer, other.weight],
    );
    for (const column of ["meanAbs", "updateRatio"]) close(row[column], other[column], `${row.layer} ${column}`);
  });
  found.directionality.forEach((row, at) => close(row.G, expected.directionality[at]!.G, "G"));
  assert.equal(found.directionality.length, expected.directionality.length);
  found.steps.forEach((row, at) => {
    const other = expected.steps[at]!;
    close(row.loss, other.loss, "loss");
    close(row.gradientNorm, other.gradientNorm, "norm");
    close(row.learningRate, other.learningRate, "rate");
  });
  assert.equal(found.steps.length, expected.steps.length);
  found.epochs.forEach((row, at) => close(row.trainLoss, expected.epochs[at]!.trainLoss, "trainLoss"));
}

describe("fitCallback", () => {
  it("measures model.fit as ga.train measures, and keeps it as a run", async () => {
    const expected = await trained("epoch");
    const model = make();
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const save = join(mkdtempSync(join(tmpdir(), "fit-")), "run");
    const measuring = ga.fitCallback({ statistics, logEvery: 1, save, name: "fitted", dataset: "points" });
    const [x, y] = [tf.tensor2d(inputs), tf.tensor2d(targets)];
    await model.fit(x, y, { epochs: 3, batchSize: 20, verbose: 0, validationData: [x, y], callbacks: measuring });
    const { run } = measuring;
    assertAlike(run, expected);
    assert.ok(run.epochs.every(({ validationLoss }) => typeof validationLoss === "number"));
    const kept = ga.readRun(save);
    assert.deepEqual([kept.name, kept.dataset, kept.epochs.length, kept.steps!.length], ["fitted", "points", 3, 3]);
    assert.deepEqual(kept.gradients, run.gradients);
    ga.figure.gradientFlow(run);
    ga.figure.stepCurves(run);
    await assert.rejects(model.fit(x, y, { epochs: 1, verbose: 0, callbacks: ga.fitCallback({ save }) }), /to be free/);
    // The optimizer is as it was, so that another fit is not measured.
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    assert.equal(run.epochs.length, 3);
  });

  it("measures each n-th step of fitDataset", async () => {
    const model = make();
    model.compile({ optimizer: "adam", loss: "meanSquaredError", metrics: ["accuracy"] });
    const measuring = ga.fitCallback({ every: 2 });
    const batches = tf.data.zip({ xs: tf.data.array(inputs), ys: tf.data.array(targets) } as never).batch(5);
    const held = tf.memory().numTensors;
    await model.fitDataset(batches as never, { epochs: 2, verbose: 0, callbacks: measuring as never });
    const { run } = measuring;
    assert.deepEqual([...new Set(run.gradients.map(({ step }) => step))], [2, 4, 6, 8]);
    assert.deepEqual(run.epochs.map(({ trainAccuracy }) => typeof trainAccuracy), ["number", "number"]); // prettier-ignore
    assert.equal(run.steps.length, 0);
    // Adam's own: two slots for each of four weights.
    assert.ok(tf.memory().numTensors - held <= 10, `${tf.memory().numTensors - held} tensors more`);
  });

  it("has no run before training, and refuses what makes no sense", () => {
    assert.throws(() => ga.fitCallback().run, /to have begun/);
    assert.throws(() => ga.fitCallback({ every: 0 }), /every/);
    assert.throws(() => ga.fitCallback({ statistic: ["norms"] } as never), /did you mean statistics/);
    assert.throws(() => ga.fitCallback({ statistics: ["norm"] } as never), /norm/);
  });
});

describe("measuredRun", () => {
  it("makes of a loop of one's own what ga.train makes", async () => {
    for (const every of ["epoch", 1] as const) {
      const expected = await trained(every);
      const model = make();
      const optimizer = tf.train.sgd(0.1);
      const [x, y] = [tf.tensor2d(inputs), tf.tensor2d(targets)];
      const measured = ga.measuredRun(model, { statistics, every, logEvery: 1 });
      const epochs: number[] = [];
      measured.run.on("epoch", ({ row }) => epochs.push(row.epoch));
      for (let epoch = 0; epoch < 3; epoch++) {
        const cost = () => tf.losses.meanSquaredError(y, model.apply(x, { training: true }) as ga.Tensor) as ga.Scalar;
        const { value: loss, grads } = tf.variableGrads(cost);
        const update = () => optimizer.applyGradients(grads);
        const observed = measured.observe(grads, { loss, learningRate: 0.1, update });
        tf.dispose(grads);
        loss.dispose();
        await observed;
        await measured.endEpoch({ trainLoss: measured.pending.steps.at(-1)!.loss!, samples: 20 });
      }
      const run = measured.end();
      if (every === "epoch") assertAlike(run, expected);
      else assert.deepEqual(run.gradients.map(({ step }) => step), expected.gradients.map(({ step }) => step)); // prettier-ignore
      assert.deepEqual(epochs, [1, 2, 3]);
      assert.equal(run.status, "finished");
      assert.ok(run.epochs[0]!.imagesPerSecond > 0);
    }
  });
});
