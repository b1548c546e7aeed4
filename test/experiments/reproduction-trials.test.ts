import assert from "node:assert/strict";
import { test } from "node:test";

import { tuningGrid } from "../../src/experiments/controls";
import { sharedPrefixes, reproductionTrials, rerunTrials, type TrialSpec, trials } from "../../src/experiments";
import { tupleOf } from "../../src/experiments/trial-key";

const count = (list: readonly TrialSpec[]) =>
  Object.fromEntries([...new Set(list.map(({ part }) => part))].map((part) => [part, list.filter((trial) => trial.part === part).length])); // prettier-ignore
const stagesOf = (trial: TrialSpec) => trial.stages?.stages.map(({ end }) => end);

test("the short scale is what it says: widths / 4, 10,000 images, ends / 10, three seeds", () => {
  const ga = reproductionTrials("ga");
  // Two networks, two groups and four ratios each; as many tuned baselines and a raised rate; and with fresh seeds three
  // originals of each, the paper's best of each and the raised rate.
  assert.deepEqual(count(ga), { baseline: 6, s2: 16, control: 2 * (8 + 1), rerun: 2 * (3 + 5 + 5) });
  assert.deepEqual([...new Set(ga.filter(({ part }) => part !== "rerun").map(({ seed }) => seed))], [0, 1, 2]);
  assert.deepEqual([...new Set(ga.filter(({ part }) => part === "rerun").map(({ seed }) => seed))].sort(), [1, 2, 3, 4, 5]); // prettier-ignore
  assert.deepEqual([...new Set(ga.map(({ labels }) => labels.group))].sort(), [
    "bn",
    "first-bn-of-block",
    null,
    "relu",
  ]);
  assert.deepEqual(count(reproductionTrials("ga", { seeds: 0 })), { baseline: 6, s2: 16 });
  for (const trial of ga) {
    assert.equal(trial.model.options.width, 16);
    assert.deepEqual(stagesOf(trial), [5, 10, 13, 15]);
    assert.deepEqual(trial.data.name === "cifar-10" && [trial.data["limit"], trial.data["split"]], [{ train: 10_000, validation: 2_500 }, "held-out"]); // prettier-ignore
    assert.equal(trial.test, "end");
  }

  const iga = reproductionTrials("iga");
  // Four thresholds, two measures, two cases.
  assert.deepEqual(count(iga), { baseline: 3, params1: 16, random: 1, control: 4 + 1, rerun: 3 + 5 + 5 });
  const deep = reproductionTrials("iga", { models: ["resnet50"] });
  assert.deepEqual(count(deep), { baseline: 3, params2: 16, random: 1, control: 4 + 1, rerun: 3 + 5 + 5 });
  assert.deepEqual(stagesOf(deep.find(({ part }) => part === "params2")!), [1, 10, 14, 15]);

  const vgp = reproductionTrials("vgp");
  // Seven rows, each with five more seeds.
  assert.deepEqual(count(vgp), { table1: 7, rerun: 35 });
  assert.ok(vgp.every(({ model, epochs }) => model.options.width === 8 && epochs === 10));
});

test("the paper scale is the protocol itself, without the calibration, with what verdicts need beside it", () => {
  const published = trials("ga").filter(({ part }) => part !== "calibration");
  assert.deepEqual(reproductionTrials("ga", { scale: "paper", seeds: 0 }), published);
  const judged = reproductionTrials("ga", { scale: "paper" });
  assert.deepEqual(judged.slice(0, published.length), published);
  // Nothing is held out, so that no baseline can be tuned; a fifth fresh seed of each original.
  assert.deepEqual(count(judged.slice(published.length)), { control: 3, rerun: 3 * (1 + 5 + 5) });
  const heldOut = reproductionTrials("ga", { scale: "paper", split: "held-out" });
  const tuned = heldOut.filter(({ labels }) => labels.method === "tuned");
  for (const model of ["VGG-19", "ResNet-18", "ResNet-34"]) {
    const settings = heldOut.filter(({ labels, part }) => labels.model === model && labels.method === "amplified" && part !== "rerun"); // prettier-ignore
    const different = new Set(settings.map(({ stages }) => JSON.stringify(stages))).size;
    assert.equal(tuned.filter(({ labels }) => labels.model === model).length, different);
  }
  assert.deepEqual(count(reproductionTrials("iga", { scale: "paper", models: ["vgg19"], part: "params1" })), { params1: 152 }); // prettier-ignore
});

test("tuned baselines: learning rate × {1, 2, ½, 4, …} and both weight decays, all different; the raised rate is η · Γ where amplified", () => {
  assert.deepEqual(tuningGrid(5), [
    { rate: 1, weightDecay: 0 },
    { rate: 1, weightDecay: 5e-4 },
    { rate: 2, weightDecay: 0 },
    { rate: 2, weightDecay: 5e-4 },
    { rate: 0.5, weightDecay: 0 },
  ]);
  assert.equal(new Set(tuningGrid(261).map((pair) => JSON.stringify(pair))).size, 261);
  const control = (paper: "ga" | "iga", method: string) =>
    reproductionTrials(paper, { scale: "paper", split: "held-out" }).filter(({ labels }) => labels.method === method);
  assert.deepEqual(control("ga", "raised rate")[0]?.stages?.stages.map(tupleOf), [[50, 0.1, 0, 1], [100, 0.2, 0, 1], [130, 0.02, 0, 1], [150, 0.01, 0, 1]]); // prettier-ignore
  const deep = control("iga", "raised rate").find(({ model }) => model.name === "resnet50");
  assert.deepEqual(deep?.stages?.stages.map(tupleOf), [
    [10, 0.1, 0, 1],
    [100, 0.2, 0, 1],
    [145, 0.02, 0, 1],
    [150, 0.01, 0, 1],
  ]);
});

test("the demo trains on embedded images, and its schedules can be analysed and amplified", () => {
  for (const paper of ["vgp", "ga", "iga"] as const) {
    const list = reproductionTrials(paper, { scale: "demo" });
    assert.ok(list.length > 0 && list.length < 25, `${list.length} trials`);
    for (const { data: dataset, epochs, stages } of list) {
      assert.equal(dataset.name, "embedded");
      assert.ok(epochs <= 8);
      let before = 0;
      for (const { end, ampRatio: ratio } of stages?.stages ?? []) {
        assert.ok(end - before >= (stages?.intelligent && ratio > 0 ? 2 : 1), JSON.stringify(stages?.stages));
        before = end;
      }
    }
  }
});

test("ids are unique at every scale, reruns' too, and reruns differ in their seed alone", () => {
  for (const paper of ["vgp", "ga", "iga"] as const)
    for (const scale of ["demo", "short", "paper"] as const) {
      const list = reproductionTrials(paper, { scale });
      assert.equal(new Set(list.map(({ id }) => id)).size, list.length);
    }
  const [trial] = reproductionTrials("ga");
  const again = rerunTrials(trial!, [0, 1, 2]);
  assert.deepEqual(again.map(({ id, seed }) => [id, seed]), [1, 2].map((seed) => [`${trial!.id}-rerun-${seed}`, seed])); // prettier-ignore
  assert.deepEqual(sharedPrefixes({ ...again[0]!, seed: 0 }), sharedPrefixes(trial!));
});

test("what is not there is refused", () => {
  assert.throws(
    () => reproductionTrials("ga", { scale: "tiny" as "demo" }),
    /scale to be "demo", "short" or "paper" but found "tiny"/,
  );
  assert.throws(() => reproductionTrials("ga", { models: ["vgg38"] }), /\(vgg19, resnet18, resnet34\) but found vgg38/);
  assert.throws(() => reproductionTrials("nobody" as "ga"), /found nobody/);
});
