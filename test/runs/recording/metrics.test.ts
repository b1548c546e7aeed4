import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { readRun, recordTraining } from "../../../src/runs";
import { trainingCurves } from "../../../src/figures";
import { results } from "../../../src/tables/verbs/results";
import { tf } from "../../../src/tensorflow";
import { tinyData, tinyModel } from "../../support/tiny";

const base = mkdtempSync(join(tmpdir(), "metrics-"));
after(() => rmSync(base, { recursive: true, force: true }));

const options = {
  epochs: 4,
  batchSize: 25,
  metrics: ["f1", { name: "topK", k: 3 }],
  selectBy: "validationTop3",
} as const;
const finish = async (folder: string, given: object = options) => {
  const data = tinyData();
  const recording = await recordTraining(tinyModel({ seed: 3 }), data, given as never, { folder: join(base, folder) });
  await recording.finished;
  data.dispose();
  return readRun(join(base, folder));
};

test("metrics are kept with the epochs, and the best epoch is the one by the score that was asked for", async () => {
  const run = await finish("whole");
  assert.ok(run.epochs.every((row) => typeof row["validationF1"] === "number"));
  assert.equal(run.epochs[0]!["testF1"], undefined);
  assert.equal(typeof run.epochs[3]!["testF1"], "number");
  const top3 = run.epochs.map((row) => row["validationTop3"]!);
  const first = top3.indexOf(Math.max(...top3)) + 1;
  const { best } = JSON.parse(readFileSync(join(base, "whole", "run.json"), "utf8")) as {
    best: Record<string, number>;
  };
  assert.equal(best["epoch"], first);
  assert.equal(best["validationTop3"], Math.max(...top3));
  assert.equal(typeof best["testTop3"], "number");
  const row = results([run]).object() as Record<string, number>;
  assert.deepEqual([row["bestEpoch"], row["validationF1"]], [first, run.epochs[3]!["validationF1"]]);
  assert.throws(
    () => results([run], { selectBy: "validationRecall" }),
    /measured validationRecall but found .*validationF1/,
  );
  const { layout } = trainingCurves(run, { metrics: ["loss", "f1"] });
  assert.ok(layout.annotations!.some(({ text }) => text.startsWith("F1")));
});

test("a run that goes on has the same metrics as one in a single call", async () => {
  const whole = await finish("whole");
  await finish("parts", { ...options, signal: AbortSignal.abort() });
  const parts = await finish("parts");
  const plain = (run: typeof whole) => run.epochs.map(({ seconds: _, imagesPerSecond: __, ...row }) => row);
  assert.deepEqual(plain(parts), plain(whole));
});

test("a folder that was made with other metrics is another run", async () => {
  await assert.rejects(finish("whole", { ...options, metrics: ["f1", "recall", { name: "topK", k: 3 }] }), /metrics/);
  const own = { as: "Own", of: () => tf.scalar(1) };
  const run = await finish("own", { ...options, metrics: [...options.metrics, own] });
  assert.equal(run.epochs[0]!["validationOwn"], 1);
});
