import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { dataset } from "../../../src/datasets";
import type { Loss, Metric } from "../../../src/spec";
import { type LayersModel, type Tensor, tf } from "../../../src/tensorflow";
import { evaluate, startTraining } from "../../../src/training";
import { root } from "../../support/committed-text";
import { tinyData, tinyModel } from "../../support/tiny";

interface Case {
  readonly name: string;
  readonly kind: "classes" | "labels" | "numbers";
  readonly threshold?: number;
  readonly outputs: number[][];
  readonly targets: number[] | number[][];
  readonly metrics: Readonly<Record<string, number>>;
}

const { cases } = JSON.parse(readFileSync(join(root, "test/fixtures/scikit-learn/metrics.json"), "utf8")) as { cases: Case[] }; // prettier-ignore

const LOSS: Record<Case["kind"], Loss> = { classes: "crossEntropy", labels: "binaryCrossEntropy", numbers: "mse" };

/** A model that puts out what it is given, as it is or as probabilities. */
function passing(outputs: number, activation: "linear" | "sigmoid" | "softmax"): LayersModel {
  return tf.sequential({ layers: [tf.layers.activation({ activation, inputShape: [outputs] })] });
}

/** A metric as the fixture names it: "f1/macro", "topK/2". */
function metricOf(name: string, threshold: number | undefined): Metric {
  const [which, setting] = name.split("/") as [string, string | undefined];
  const as = name.replace("/", "_");
  if (which === "topK") return { name: "topK", k: Number(setting), as };
  if (which === "precision" || which === "recall" || which === "f1")
    return { name: which as "f1", average: setting as "macro", threshold: threshold ?? 0.5, as };
  if (which === "accuracy") return { name: "accuracy", threshold: threshold ?? 0.5, as };
  return { name: which as "auc", as };
}

describe("scikit-learn's numbers, over a split whose last batch is smaller", () => {
  for (const { name, kind, threshold, outputs, targets, metrics } of cases)
    for (const ending of kind === "numbers" ? ["logits"] : ["logits", "probabilities"])
      test(`${name}, from ${kind === "numbers" ? "numbers" : ending}`, async () => {
        const activation = ending === "logits" ? "linear" : kind === "classes" ? "softmax" : "sigmoid";
        const model = passing(outputs[0]!.length, activation);
        const data = await dataset({ train: { inputs: outputs, targets }, ...(kind === "classes" ? { classes: outputs[0]!.length } : { classes: null }) }); // prettier-ignore
        const asked = Object.keys(metrics).map((each) => metricOf(each, threshold));
        const found = await evaluate(model, data, data.train, { batchSize: 25, loss: LOSS[kind], metrics: asked });
        for (const [each, expected] of Object.entries(metrics)) {
          const ending = each.replace("/", "_");
          const value = found.metrics![ending.charAt(0).toUpperCase() + ending.slice(1)]!;
          // Scores are counted in bins for the area.
          const allowed = each === "auc" ? 2e-3 : 2e-6 * Math.max(1, Math.abs(expected));
          assert.ok(Math.abs(value - expected) <= allowed, `${each}: ${value}, scikit-learn ${expected}`);
        }
        data.dispose();
      });
});

describe("metrics of a training", () => {
  const metrics: Metric[] = ["f1", { name: "topK", k: 3 }, "auc", { as: "Certainty", of: (prediction) => tf.max(tf.softmax(prediction as never), -1) }]; // prettier-ignore

  test("are columns of the epochs on which a split was evaluated, the same in both engines", async () => {
    const rows = [];
    for (const engine of ["graph", "eager"] as const) {
      const data = tinyData();
      const run = await startTraining(tinyModel({ seed: 1 }), data, { epochs: 2, batchSize: 25, engine, metrics }).finished; // prettier-ignore
      assert.deepEqual(run.warnings ?? [], []);
      rows.push(run.epochs.map(({ seconds: _, imagesPerSecond: __, ...row }) => row));
      data.dispose();
    }
    const [compiled, eager] = rows as unknown as [Record<string, number>[], Record<string, number>[]];
    assert.deepEqual(compiled, eager);
    for (const name of ["F1", "Top3", "Auc", "Certainty"]) {
      for (const row of compiled) assert.ok(row[`validation${name}`]! > 0 && row[`validation${name}`]! <= 1, name);
      assert.equal(compiled[0]![`test${name}`], undefined);
      assert.equal(typeof compiled[1]![`test${name}`], "number");
    }
  });

  test("change no number of the training", async () => {
    const train = async (given: object) => {
      const data = tinyData();
      const model = tinyModel({ seed: 1 });
      const { epochs } = await startTraining(model, data, { epochs: 2, batchSize: 25, ...given }).finished;
      data.dispose();
      return [epochs.map(({ trainLoss, validationLoss }) => [trainLoss, validationLoss]), model.getWeights().map((weight) => weight.dataSync())]; // prettier-ignore
    };
    assert.deepEqual(await train({ metrics }), await train({}));
  });

  test("decide when training stops, and are told to callbacks", async () => {
    const data = tinyData();
    const told: unknown[] = [];
    // Falls with every epoch, so that the first one stays the best.
    let calls = 0;
    const falling = { as: "Falling", of: () => tf.scalar(-calls), better: "higher" as const };
    const run = await startTraining(tinyModel(), data, {
      ...{ epochs: 6, batchSize: 25, engine: "eager", metrics: [falling], test: "never" },
      earlyStopping: { on: "validationFalling", patience: 2 },
      callbacks: { onEvaluate: ({ metrics: found }) => told.push(found), onEpoch: () => calls++ },
    }).finished;
    assert.deepEqual([run.status, run.epochs.length], ["stopped early", 3]);
    assert.deepEqual(told, [{ Falling: 0 }, { Falling: -1 }, { Falling: -2 }]);
    const lower = await startTraining(tinyModel(), data, {
      ...{ epochs: 3, batchSize: 25, engine: "eager", metrics: [{ ...falling, better: "lower" }], test: "never" },
      earlyStopping: { on: "validationFalling", patience: 2 },
      callbacks: { onEpoch: () => calls++ },
    }).finished;
    assert.deepEqual([lower.status, lower.epochs.length], ["finished", 3]);
    data.dispose();
  });
});

describe("what makes no sense is refused before any work", () => {
  const data = tinyData();
  const start = (options: object) => startTraining(tinyModel(), data, { epochs: 1, ...options });
  const refused = [
    [{ metrics: ["f2"] }, /did you mean "f1"/],
    [{ metrics: ["top5"] }, /did you mean "topK"/],
    [{ metrics: [{ name: "topK", kk: 3 }] }, /did you mean "?k"?/],
    [{ metrics: [{ name: "topK", k: 11 }] }, /at most 10 classes but found k 11/],
    [{ metrics: [{ name: "f1", average: "binary" }] }, /"macro", "micro" or "weighted"/],
    [{ metrics: ["f1", { name: "f1", average: "micro" }] }, /F1 twice/],
    [{ metrics: ["mse"] }, /compared with classes: take accuracy/],
    [{ metrics: [() => tf.scalar(1)] }, /function with a name/],
    [{ metrics: [{ as: "Loss", of: () => tf.scalar(1) }] }, /no column that is there already/],
    [{ metrics: [{ as: "x", of: () => tf.scalar(1), direction: "lower" }] }, /found direction/],
    [{ metrics: [{ name: "f1", output: "head" }] }, /an output of/],
    [{ metrics: 5 }, /Expected metrics/],
    [
      { metrics: [{ as: "Own", of: () => tf.scalar(1) }], selectBy: "validationOwn" },
      /Expected metric Own to say which of two values is better, since selectBy chooses/,
    ],
    [
      {
        metrics: [
          function own() {
            return tf.scalar(1);
          },
        ],
        earlyStopping: { on: "validationOwn" },
      },
      /Expected metric Own to say/,
    ],
    [{ earlyStopping: { on: "validationF1" } }, /ask for it, metrics: \["f1"\]/],
    [{ metrics: ["f1"], earlyStopping: { on: "validationf1" } }, /did you mean "validationF1"/],
    [{ metrics: ["f1"], earlyStopping: { on: "testF1" } }, /must not be the test split/],
    [{ metrics: ["f1"], selectBy: "validationTop5" }, /Expected selectBy to be one of .*validationF1/],
    [{ metrics: ["f1"], selectBy: "validationF1", validate: "end" }, /known after each epoch/],
  ] as const;
  for (const [options, message] of refused)
    test(
      JSON.stringify(options, (_, value: unknown) => (typeof value === "function" ? "function" : value)),
      () => {
        assert.throws(() => start(options), message);
      },
    );

  test("a metric of numbers that a regression has, and one of classes that it has not", async () => {
    const numbers = await dataset({ train: { inputs: [[1], [2]], targets: [[1], [2]] }, classes: null });
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    await assert.rejects(evaluate(model, numbers, numbers.train, { loss: "mse", metrics: "f1" }), /trained with "mse" on numbers: take mse, rmse or mae/); // prettier-ignore
    await assert.rejects(evaluate(model, numbers, numbers.train, { loss: "mse", metrics: "topK" }), /take mse, rmse or mae/); // prettier-ignore
    const { metrics: found } = await evaluate(model, numbers, numbers.train, { loss: "mse", metrics: ["mae", "rmse"] });
    assert.deepEqual(Object.keys(found!), ["Mae", "Rmse"]);
  });

  test("a metric of one's own that returns no tensor", async () => {
    for (const [of, message] of [
      [() => 1, /Expected metric Odd to return a tensor but found the number 1/],
      [() => { throw new Error("no luck"); }, /Metric Odd.*no luck/], // prettier-ignore
    ] as const)
      await assert.rejects(evaluate(tinyModel(), data, data.test, { metrics: { as: "Odd", of: of as never } }), message); // prettier-ignore
  });
});

/** NaN of numbers below 0. */
class Root extends tf.layers.Layer {
  static className = "RootOfMetricsTest";
  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.sqrt([inputs].flat()[0]!);
  }
}

test("an output that is no number makes the area none, and does not drop out of it", async () => {
  const model = tf.sequential({ layers: [new Root({ inputShape: [1] } as never)] });
  const data = await dataset({ train: { inputs: [[1], [-1], [2]], targets: [[1], [1], [0]] }, classes: null });
  const { metrics: found } = await evaluate(model, data, data.train, { loss: "binaryCrossEntropy", metrics: "auc" });
  assert.ok(Number.isNaN(found!["Auc"]), String(found!["Auc"]));
  data.dispose();
});
