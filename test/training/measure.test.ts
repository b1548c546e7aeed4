import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type GradientRow, rollUp } from "../../src/rows";
import { type MeasureOptions, STATISTICS, type StatisticName } from "../../src/gradients";
import { type LayersModel, type SymbolicTensor, tf } from "../../src/tensorflow";
import { type Run, sgd, startTraining, type TrainOptions } from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";

const data = tinyData({ train: 45, validation: 0, test: 0, augmentation: null });
const ALL = Object.keys(STATISTICS) as StatisticName[];

async function train(
  measure: MeasureOptions | null,
  options: TrainOptions = {},
  model = tinyModel({ batchNorm: true }),
): Promise<Run> {
  // prettier-ignore
  return startTraining(model, data, { epochs: 2, batchSize: 20, optimizer: sgd({ learningRate: 0.05 }), measure, ...options }).finished; // prettier-ignore
}

const losses = (run: Run) => run.epochs.map(({ trainLoss }) => trainLoss);
const steps = (rows: readonly { epoch: number; step: number }[]) => [...new Set(rows.map(({ epoch, step }) => `${epoch}:${step}`))]; // prettier-ignore

/** A network with a residual block and dropout, in which what is amplified changes by more than a factor. */
function residualModel(): LayersModel {
  const input = tf.input({ shape: [32, 32, 3] });
  const apply = (layer: { apply(x: unknown): unknown }, ...x: SymbolicTensor[]) =>
    layer.apply(x.length === 1 ? x[0]! : x) as SymbolicTensor;
  let x = apply(tf.layers.averagePooling2d({ poolSize: 8 }), input);
  x = apply(tf.layers.flatten(), x);
  x = apply(tf.layers.dense({ units: 8, name: "stem", activation: "relu" }), x);
  let branch = apply(tf.layers.dense({ units: 8, name: "branch_0", useBias: false }), x);
  branch = apply(tf.layers.batchNormalization({ name: "branch_bn" }), branch);
  branch = apply(tf.layers.dropout({ rate: 0.5, name: "branch_dropout" }), branch);
  branch = apply(tf.layers.dense({ units: 8, name: "branch_1", useBias: false }), branch);
  x = apply(tf.layers.add({ name: "add" }), branch, x);
  x = apply(tf.layers.dense({ units: 10, name: "head" }), x);
  return tf.model({ inputs: input, outputs: x });
}

describe("what is measured during training", () => {
  test("rows come at the steps of the schedule", async () => {
    // 45 samples in batches of 20: three steps an epoch, the last one of 5.
    const at = async (measure: MeasureOptions) => steps((await train(measure)).gradients);
    assert.deepEqual(await at({}), ["1:3", "2:6"]);
    assert.deepEqual(await at({ reduce: "epoch-mean" }), ["1:3", "2:6"]);
    assert.deepEqual(await at({ every: 2 }), ["1:2", "2:4", "2:6"]);
    assert.deepEqual(await at({ every: 1 }), ["1:1", "1:2", "1:3", "2:4", "2:5", "2:6"]);
    assert.deepEqual(await at({ every: { log: 4 } }), ["1:1", "1:2", "1:3", "2:6"]);
    assert.deepEqual(await at({ every: 100 }), []);
  });

  test("an epoch's mean is that of its steps, each row that of its own step", async () => {
    const statistics = ["gradientFlow", "norms", "updates"] as const;
    const each = await train({ statistics, every: 1 });
    const mean = await train({ statistics, reduce: "epoch-mean" });
    for (const row of mean.gradients) {
      const own = each.gradients.filter(({ epoch, index }) => epoch === row.epoch && index === row.index);
      assert.equal(own.length, 3);
      for (const column of ["meanAbs", "l2", "maxAbs", "updateL2"]) {
        const expected = own.reduce((sum, one) => sum + (one[column] as number), 0) / 3;
        assert.ok(Math.abs((row[column] as number) - expected) <= 1e-4 * Math.abs(expected), `${row.layer} ${column}`);
      }
    }
    const last = await train({ statistics });
    const strip = (rows: readonly GradientRow[]) => rows.map(({ epoch, index, meanAbs }) => [epoch, index, meanAbs]);
    assert.deepEqual(strip(last.gradients), strip(each.gradients.filter(({ step }) => step % 3 === 0)));
  });

  test("whatever is measured, and however often, training goes the same way", async () => {
    const plain = losses(await train(null));
    for (const measure of [
      { statistics: ALL },
      { statistics: ALL, every: 1 },
      { statistics: ALL, every: { log: 3 } },
    ]) {
      assert.deepEqual(losses(await train(measure)), plain);
    }
    const amplified: TrainOptions = { amplify: { group: "bn", ampFactor: 2 }, clipNorm: 0.5 };
    assert.deepEqual(losses(await train({ statistics: ALL, every: 1 }, amplified)), losses(await train(null, amplified))); // prettier-ignore
  });

  test("both engines measure the same", async () => {
    const measure: MeasureOptions = { statistics: ALL, every: 2 };
    const options: TrainOptions = { amplify: { group: "bn", ampRatio: 0.5, ampFactor: 2 }, clipNorm: 1 };
    const [graph, eager] = [await train(measure, { ...options, engine: "graph" }), await train(measure, { ...options, engine: "eager" })]; // prettier-ignore
    const columns = Object.keys(graph.gradients[0]!).filter((name) => typeof graph.gradients[0]![name] === "number");
    assert.ok(columns.length > 15, `${columns}`);
    graph.gradients.forEach((row, at) => {
      for (const column of columns) {
        const [a, b] = [row[column] as number, eager.gradients[at]![column] as number];
        // Quantiles jump from bin to bin of two octaves.
        const tolerance = column.startsWith("q") ? 1 : 1e-3;
        assert.ok(a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b)), `${row.layer} ${column}: ${a} ${b}`); // prettier-ignore
      }
    });
    graph.outputs.forEach((row, at) => {
      const other = eager.outputs[at]!;
      assert.ok(Math.abs(row.deviation - other.deviation) <= 1e-3 * other.deviation, `${row.layer}`);
    });
    assert.equal(graph.histograms.length, eager.histograms.length);
    assert.equal(graph.directionality.length, 2 * 15);
    graph.directionality.forEach((row, at) => assert.ok(Math.abs(row.G - eager.directionality[at]!.G) < 1e-4));
  });

  test("a histogram holds every gradient, and its quantiles embrace the mean", async () => {
    const run = await train({ statistics: ["histogram", "norms", "health"] });
    assert.equal(run.histograms.length, run.gradients.length);
    run.histograms.forEach(({ counts, zeros, nonFinite, layer, weight }, at) => {
      const row = run.gradients[at]!;
      assert.deepEqual([row.layer, row.weight], [layer, weight]);
      assert.equal(counts.reduce((sum, count) => sum + count, zeros + nonFinite), row.size); // prettier-ignore
      assert.ok(Math.abs(zeros / row.size - (row["zeroShare"] as number)) < 1e-6);
      const [low, middle, high] = [row["q05"], row["q50"], row["q95"]] as number[];
      assert.ok(low! <= middle! && middle! <= high! && high! <= 4 * (row["maxAbs"] as number), `${layer}`);
    });
    assert.equal((await train({ statistics: ["quantiles"] })).histograms.length, 0);
  });

  test("raw gradients are those of a run that is not amplified, in a residual network with dropout", async () => {
    const measured = async (amplify: TrainOptions["amplify"]) =>
      (await train({ statistics: ["amplification"], every: 1 }, { epochs: 1, amplify: amplify ?? null, seed: 7 }, residualModel())).gradients; // prettier-ignore
    const plain = await measured(null);
    const amplified = await measured({ group: (layer) => layer.name === "branch_1", ampFactor: 4 });
    const firstStep = (rows: GradientRow[]) => rows.filter(({ step }) => step === 1);
    // Initial weights of tfjs's own layers are drawn anew, so the comparison is within each run.
    assert.deepEqual(firstStep(plain).map(({ meanAbs, rawMeanAbs }) => meanAbs === rawMeanAbs), firstStep(plain).map(() => true)); // prettier-ignore
    for (const row of amplified) {
      const factor = row.meanAbs / (row["rawMeanAbs"] as number);
      if (row.layer === "head") assert.equal(factor, 1);
      else if (row.layer.startsWith("branch")) assert.ok(Math.abs(factor - 4) < 1e-4, `${row.layer} ${factor}`);
      // The skip path is not multiplied, so the stem's gradient is another one, not a multiple.
      else assert.ok(Math.abs(factor - 1) > 1e-3 && Math.abs(factor - 4) > 1e-3, `${row.layer} ${factor}`);
    }
  });

  test("the second pass for raw gradients leaves batch norm's running statistics alone", async () => {
    const statistics = async (names: StatisticName[]) => {
      const model = tinyModel({ batchNorm: true });
      await train({ statistics: names, every: 1 }, { epochs: 1, amplify: { group: "bn" } }, model);
      return model.nonTrainableWeights.map((weight) => [...weight.read().dataSync()]);
    };
    assert.deepEqual(await statistics(["gradientFlow", "amplification"]), await statistics(["gradientFlow"]));
  });

  test("clipped gradients have the norm that is let through, raw and amplified ones theirs", async () => {
    const statistics = ["norms", "amplification"] as const;
    const clipNorm = 1e-3;
    const run = await train({ statistics }, { clipNorm, epochs: 1 });
    const [network] = rollUp(run.gradients);
    const scale = clipNorm / (network!["l2"] as number);
    assert.ok(scale < 1);
    for (const { meanAbs, clippedMeanAbs, layer } of run.gradients) {
      assert.ok(
        Math.abs((clippedMeanAbs as number) - scale * meanAbs) <= 1e-4 * scale * meanAbs,
        `${layer}: ${clippedMeanAbs} and ${scale} · ${meanAbs}`,
      );
    }
  });

  test("outputs are those of the measured step; a ReLU's are never below 0", async () => {
    const run = await train({ statistics: ["outputs"] });
    assert.deepEqual(steps(run.outputs), ["1:3", "2:6"]);
    const leaky = run.outputs.filter(({ layer }) => layer.includes("relu"));
    assert.ok(leaky.length > 0 && leaky.every(({ deviation }) => deviation > 0));
    const bn = run.outputs.filter(({ layer }) => layer.endsWith("bn_0"));
    // At the start gamma is 1 and beta 0.
    assert.ok(bn.length > 0 && bn.every(({ mean, deviation }) => Math.abs(mean) < 0.2 && Math.abs(deviation - 1) < 0.2)); // prettier-ignore
  });

  test("directionality of every epoch is within 0 and 1, of each layer with weights", async () => {
    const run = await train({ statistics: ["directionality"] });
    assert.deepEqual(steps(run.directionality), ["1:3", "2:6"]);
    assert.ok(run.directionality.every(({ G, GPrime }) => G >= 0 && G <= 1 + 1e-6 && GPrime >= 0 && GPrime <= 1 + 1e-6)); // prettier-ignore
    assert.deepEqual(run.selections, []);
  });

  test("everything measured at every step leaves no tensors", async () => {
    const model = tinyModel({ batchNorm: true });
    const options: TrainOptions = { amplify: { group: "bn" }, clipNorm: 1 };
    await train({ statistics: ALL, every: 1 }, options, model);
    const before = tf.memory().numTensors;
    await train({ statistics: ALL, every: 1 }, options, model);
    assert.equal(tf.memory().numTensors, before);
  });
});
