import assert from "node:assert/strict";
import { test } from "node:test";

import { trials, type TrialSpec } from "../../src/experiments";
import { type LayerRatios, planSweep, type SweepPlan, type SweepTask } from "../../src/sweeps";

/** |G| of the papers' networks (docs/method.md); test/models counts them. */
const SIZES: Record<string, Record<string, number>> = {
  vgg19: { bn: 16, relu: 16, "bn+relu": 32 },
  resnet18: { bn: 20, relu: 17, "bn+relu": 37, "first-bn-of-block": 8 },
  resnet34: { bn: 36, relu: 33, "bn+relu": 69, "first-bn-of-block": 16 },
};
const groupLayers = ({ model, stages }: TrialSpec) =>
  Array.from({ length: SIZES[model.name]?.[String(stages?.group)] ?? 0 }, (_, at) => `${String(stages?.group)}_${at}`);

/** What must hold of every plan. */
function checkPlan(plan: SweepPlan, of: readonly TrialSpec[]): Map<string, SweepTask> {
  const tasks = new Map<string, SweepTask>();
  for (const task of plan.tasks) {
    assert.ok(!tasks.has(task.id), `${task.id} comes once`);
    const from = task.from && tasks.get(task.from.task);
    if (task.from)
      assert.equal(from?.last, task.from.epoch, `${task.id} starts where its origin, which comes before it, ends`);
    assert.equal(task.first, (task.from?.epoch ?? 0) + 1);
    assert.ok(task.first <= task.last);
    tasks.set(task.id, task);
  }
  for (const trial of of) {
    const task = tasks.get(plan.taskOf.get(trial.id) ?? "");
    assert.deepEqual([task?.serves.includes(trial.id), task?.last], [true, trial.epochs], trial.id);
  }
  return tasks;
}
const epochsOf = (plan: SweepPlan) => plan.tasks.reduce((sum, { first, last }) => sum + last - first + 1, 0);

test("S2 of the 2020 paper takes 26,550 epochs instead of 72,600", () => {
  const s2 = trials("ga", { part: "s2" });
  const plan = planSweep(s2);
  const tasks = checkPlan(plan, s2);
  assert.deepEqual(plan.epochs, { asked: 72_600, planned: 26_550 });
  assert.equal(epochsOf(plan), 26_550);
  // A shared prefix for each network and for each first ratio of each group, then the trials.
  assert.deepEqual(
    [50, 100, 150].map((end) => plan.tasks.filter(({ last }) => last === end).length),
    [3, 44, 484],
  );
  const task = tasks.get("ga-s2-resnet18-cifar-10-bn-S2_0.3_0.5-0");
  assert.deepEqual([task?.first, task?.last, task?.from?.epoch], [101, 150, 100]);
  const prefix = tasks.get(task?.from?.task ?? "");
  assert.deepEqual([prefix?.kind, prefix?.first, prefix?.from?.epoch], ["shared", 51, 50]);
});

test("ratios that select the same layers are one: 0.1 and 0.2 of eight blocks, 0.5 and 0.6", () => {
  const s2 = trials("ga", { part: "s2" });
  const plan = planSweep(s2, { groupLayers });
  checkPlan(plan, s2);
  // ResNet-18's eight blocks: 3 of 4 first ratios and 9 of 11 second ones differ.
  assert.deepEqual(
    [50, 100, 150].map((end) => plan.tasks.filter(({ last }) => last === end).length),
    [3, 43, 440 + 27],
  );
  assert.equal(plan.epochs.planned, 3 * 50 + 43 * 50 + 467 * 50);
  const id = (params: string) => `ga-s2-resnet18-cifar-10-first-bn-of-block-${params}-0`;
  for (const twin of ["S2_0.5_0.2", "S2_0.6_0.1", "S2_0.6_0.2"])
    assert.equal(plan.taskOf.get(id(twin)), id("S2_0.5_0.1"));
  assert.notEqual(plan.taskOf.get(id("S2_0.3_0.1")), id("S2_0.5_0.1"));
  // Sixteen batch norms: every ratio selects another number of layers.
  const vgg = plan.tasks.filter(({ id, kind }) => kind === "trial" && id.includes("vgg19-cifar-10-bn-"));
  assert.equal(vgg.length, 44);
});

test("trials that share all there is are one: β = 0 is the original, S1 is S2 with 0, Γ = 1 amplifies nothing", () => {
  const all = ["baseline", "s1", "s2", "factor"].flatMap((part) => trials("ga", { part }));
  const plan = planSweep(all);
  checkPlan(plan, all);
  const same = (a: string, b: string) => assert.equal(plan.taskOf.get(a), plan.taskOf.get(b), `${a} is ${b}`);
  same("ga-s1-vgg19-cifar-10-relu-S1_0-0", "ga-baseline-vgg19-cifar-10-original-0");
  same("ga-s1-vgg19-cifar-10-relu-S1_0.3-0", "ga-s2-vgg19-cifar-10-relu-S2_0.3_0-0");
  same("ga-factor-resnet18-cifar-10-coarse_1-0", "ga-baseline-resnet18-cifar-10-original-0");
  same("ga-factor-resnet18-cifar-10-coarse_2-0", "ga-s2-resnet18-cifar-10-first-bn-of-block-S2_0.3_0.5-0");
  assert.notEqual(
    plan.taskOf.get("ga-baseline-vgg19-cifar-10-original-1"),
    plan.taskOf.get("ga-baseline-vgg19-cifar-10-original-0"),
  );
});

test("what goes on where another trial ends forks from that trial", () => {
  const all = [...trials("ga", { part: "baseline" }), ...trials("ga", { part: "longer" })];
  const plan = planSweep(all);
  const tasks = checkPlan(plan, all);
  assert.deepEqual(tasks.get("ga-longer-vgg19-cifar-10-original-3")?.from, {
    task: "ga-baseline-vgg19-cifar-10-original-3",
    epoch: 150,
  });
  assert.equal(plan.epochs.planned, 15 * 200);
});

test("trials without a common beginning are planned as they are", () => {
  const vgp = trials("vgp");
  const plan = planSweep(vgp);
  checkPlan(plan, vgp);
  assert.deepEqual(plan.epochs, { asked: 800, planned: 800 });
  assert.ok(plan.tasks.every(({ kind, from, tentative }) => kind === "trial" && from === null && !tentative));
});

/** Layers whose normalised ratios are 2.24 (a), 1.07 (b), and six times −0.57 or −0.51. */
const ratios: LayerRatios[] = "abcdefgh".split("").map((layer, at) => ({
  layer,
  G: [0.7, 0.5, 0.22, 0.22, 0.22, 0.22, 0.23, 0.23][at] ?? 0,
  GPrime: 0.5,
}));

test("thresholds fork from one analysed epoch, and wait for it", () => {
  const params1 = trials("iga", { part: "params1" });
  const plan = planSweep(params1);
  checkPlan(plan, params1);
  // 3 networks × 2 sets.
  assert.deepEqual(plan.epochs, { asked: 456 * 150, planned: 6 * 51 + 456 * 99 });
  for (const task of plan.tasks) assert.equal(task.tentative, task.kind === "trial", task.id);
});

test("thresholds that select the same layers are one until the next analysis shows something else", () => {
  const some = trials("iga", { part: "params1" }).filter(
    ({ model, data, labels }) =>
      model.name === "vgg19" && data.name === "cifar-10" && labels.directionality === "G" && labels.sides === "one",
  );
  assert.equal(some.length, 19);
  const known = new Map<string, LayerRatios[]>();
  const replan = () => planSweep(some, { ratios: (prefix) => known.get(prefix) ?? null });

  const first = replan().tasks.filter(({ kind }) => kind === "shared");
  assert.deepEqual(
    first.map(({ last }) => last),
    [51],
  );
  known.set(first[0]?.id ?? "", ratios);

  // 0.7 … 1.0 select a and b, 1.1 … 2.2 a alone, 2.3 … 2.5 no layer.
  const second = replan();
  checkPlan(second, some);
  const prefixes = second.tasks.filter(({ kind, last }) => kind === "shared" && last === 101);
  assert.ok(prefixes.every(({ first, tentative }) => first === 52 && !tentative));
  const served = prefixes.map(({ id }) => second.tasks.filter(({ from }) => from?.task === id).length);
  assert.deepEqual(served, [4, 12, 3]);
  assert.equal(second.epochs.planned, 51 + 3 * 50 + 19 * 49);
  assert.ok(second.tasks.every(({ kind, tentative }) => tentative === (kind === "trial")));

  // At the analysis of epoch 101 the first group parts in two, the others stay together.
  known.set(prefixes[0]?.id ?? "", ratios.map((row) => ({ ...row, G: row.layer === "b" ? 0.44 : row.G }))); // prettier-ignore
  known.set(prefixes[1]?.id ?? "", ratios.map((row) => ({ ...row, G: 0.5 }))); // prettier-ignore
  known.set(prefixes[2]?.id ?? "", ratios.map((row) => ({ ...row, G: 0.5 }))); // prettier-ignore
  const third = replan();
  checkPlan(third, some);
  const ends = third.tasks.filter(({ kind }) => kind === "trial");
  assert.ok(ends.every(({ tentative, first, last }) => !tentative && first === 102 && last === 150));
  assert.deepEqual(
    ends.map(({ serves }) => serves.length).sort((a, b) => a - b),
    [1, 3, 3, 12],
  );
  assert.equal(third.epochs.planned, 51 + 3 * 50 + 4 * 49);
});

test("measures and cases that select the same layers are one, too", () => {
  const some = trials("iga", { part: "params1" }).filter(
    ({ model, data, labels }) => model.name === "vgg19" && data.name === "cifar-10" && labels.threshold === 2,
  );
  assert.equal(some.length, 4);
  // G′ is the same for all layers: it selects none, in either case.
  const plan = planSweep(some, { ratios: (prefix) => (prefix.includes("-51-") ? ratios : null) });
  const of = (measure: string, sides: string) =>
    plan.tasks.find(
      ({ kind, trial }) => kind === "trial" && trial.labels.directionality === measure && trial.labels.sides === sides,
    )?.from?.task;
  assert.equal(of("G", "one"), of("G", "both"));
  assert.equal(of("GPrime", "one"), of("GPrime", "both"));
  assert.notEqual(of("G", "one"), of("GPrime", "one"));
});

test("a threshold that selects nothing throughout is the original", () => {
  const [original] = trials("iga", { part: "baseline" }).filter(({ model, data }) => model.name === "vgg19" && data.name === "cifar-10"); // prettier-ignore
  const [trial] = trials("iga", { part: "params1" }).filter(({ model, data }) => model.name === "vgg19" && data.name === "cifar-10"); // prettier-ignore
  const same = ratios.map((row) => ({ ...row, G: 0.5 }));
  const plan = planSweep([original!, trial!], { ratios: () => same });
  assert.equal(plan.taskOf.get(trial!.id), original!.id);
});

test("of trials that are one, the one that has begun is trained", () => {
  const s2 = trials("ga", { part: "s2" }).filter(({ model, labels }) => model.name === "resnet18" && labels.group === "first-bn-of-block"); // prettier-ignore
  const begun = "ga-s2-resnet18-cifar-10-first-bn-of-block-S2_0.6_0.2-0";
  const plan = planSweep(s2, { groupLayers, begun: (id) => id === begun });
  checkPlan(plan, s2);
  assert.equal(plan.taskOf.get("ga-s2-resnet18-cifar-10-first-bn-of-block-S2_0.5_0.1-0"), begun);
});

test("an id that comes twice is refused", () => {
  const [trial] = trials("vgp");
  assert.throws(() => planSweep([trial!, trial!]), /found vgp-table1-vgg08-1e-3 twice/);
});
