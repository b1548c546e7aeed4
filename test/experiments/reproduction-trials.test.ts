import assert from "node:assert/strict";
import { test } from "node:test";

import { beginnings, reproductionTrials, rerunTrials, type TrialSpec, trials } from "../../src/experiments";

const count = (list: readonly TrialSpec[]) =>
  Object.fromEntries([...new Set(list.map(({ part }) => part))].map((part) => [part, list.filter((trial) => trial.part === part).length])); // prettier-ignore
const stagesOf = (trial: TrialSpec) => trial.stages?.list.map(([end]) => end);

test("the short scale is what it says: widths / 4, 10,000 images, ends / 10, three seeds", () => {
  const ga = reproductionTrials("ga");
  // Two networks, two groups and four ratios each.
  assert.deepEqual(count(ga), { baseline: 6, s2: 16 });
  assert.deepEqual([...new Set(ga.map(({ seed }) => seed))], [0, 1, 2]);
  assert.deepEqual([...new Set(ga.map(({ labels }) => labels.group))].sort(), [
    "bn",
    "first-bn-of-block",
    null,
    "relu",
  ]);
  for (const trial of ga) {
    assert.equal(trial.model.options.width, 16);
    assert.deepEqual(stagesOf(trial), [5, 10, 13, 15]);
    assert.deepEqual(trial.dataset.name === "cifar-10" && [trial.dataset.limit, trial.dataset.split], [{ train: 10_000, validation: 2_500 }, "held-out"]); // prettier-ignore
    assert.equal(trial.test, "end");
  }

  const iga = reproductionTrials("iga");
  // Four thresholds, two measures, two cases.
  assert.deepEqual(count(iga), { baseline: 3, params1: 16, random: 1 });
  const deep = reproductionTrials("iga", { models: ["resnet50"] });
  assert.deepEqual(count(deep), { baseline: 3, params2: 16, random: 1 });
  assert.deepEqual(stagesOf(deep.find(({ part }) => part === "params2")!), [1, 10, 14, 15]);

  const vgp = reproductionTrials("vgp");
  // Seven rows, and the shallow network with two more seeds.
  assert.deepEqual(count(vgp), { table1: 7, rerun: 2 });
  assert.ok(vgp.every(({ model, epochs }) => model.options.width === 8 && epochs === 10));
});

test("the paper scale is the protocol itself, without the calibration", () => {
  const published = trials("ga").filter(({ part }) => part !== "calibration");
  assert.deepEqual(reproductionTrials("ga", { scale: "paper" }), published);
  assert.deepEqual(count(reproductionTrials("iga", { scale: "paper", models: ["vgg19"], part: "params1" })), { params1: 152 }); // prettier-ignore
});

test("the demo trains on embedded images, and its schedules can be analysed and amplified", () => {
  for (const paper of ["vgp", "ga", "iga"] as const) {
    const list = reproductionTrials(paper, { scale: "demo" });
    assert.ok(list.length > 0 && list.length < 15, `${list.length} trials`);
    for (const { dataset, epochs, stages } of list) {
      assert.equal(dataset.name, "embedded");
      assert.ok(epochs <= 8);
      let before = 0;
      for (const [end, , ratio] of stages?.list ?? []) {
        assert.ok(end - before >= (stages?.intelligent && ratio > 0 ? 2 : 1), JSON.stringify(stages?.list));
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
  assert.deepEqual(beginnings({ ...again[0]!, seed: 0 }), beginnings(trial!));
});

test("what is not there is refused", () => {
  assert.throws(
    () => reproductionTrials("ga", { scale: "tiny" as "demo" }),
    /one of demo, short, paper but found tiny/,
  );
  assert.throws(() => reproductionTrials("ga", { models: ["vgg38"] }), /\(vgg19, resnet18, resnet34\) but found vgg38/);
  assert.throws(() => reproductionTrials("nobody" as "ga"), /found nobody/);
});
