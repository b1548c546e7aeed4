import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Paper, protocol, published, trials, type TrialSpec } from "../../src/experiments";
import { tupleOf } from "../../src/experiments/trial-key";
import { modelNames } from "../../src/models";
import { startTraining } from "../../src/training";
import { startTrial, trainOptions } from "../../src/experiments";
import type { ModelName } from "../../src/spec";
import { tinyData, tinyModel } from "../support/tiny";

const SIZES: [paper: Paper, part: string, size: number][] = [
  ["ga", "baseline", 15],
  ["ga", "s1", 121],
  ["ga", "s2", 484],
  ["ga", "factor", 90],
  ["ga", "late", 242],
  ["ga", "longer", 15],
  ["ga", "calibration", 36],
  ["iga", "baseline", 100],
  ["iga", "params1", 456],
  ["iga", "params2", 144],
  ["iga", "frequency", 228],
  ["iga", "random", 10],
  ["iga", "time", 500],
  ["iga", "calibration", 120],
  ["vgp", "table1", 8],
];

describe("protocols have the papers' sizes", () => {
  for (const [paper, part, size] of SIZES) {
    test(`${paper} ${part}: ${size}`, () => {
      assert.equal(trials(paper, { part }).length, size);
      assert.equal(protocol(paper, { part }).numRows(), size);
    });
  }
  test("all parts together are the whole protocol, each trial under its own name", () => {
    for (const paper of ["ga", "iga", "vgp"] as const) {
      const all = trials(paper);
      const sum = SIZES.filter(([of]) => of === paper).reduce((total, [, , size]) => total + size, 0);
      assert.equal(all.length, sum);
      assert.equal(new Set(all.map(({ id }) => id)).size, sum);
      assert.ok(
        all.every(({ id }) => /^[\w.+-]+$/.test(id.replaceAll("_", ""))),
        "ids are fit for folders",
      );
      assert.deepEqual(
        protocol(paper).array("id"),
        all.map(({ id }) => id),
      );
    }
  });
});

describe("the trials are the papers'", () => {
  const columns = (paper: Paper, part: string, names: (keyof TrialSpec["labels"])[]) =>
    new Set(trials(paper, { part }).map(({ labels }) => names.map((name) => labels[name]).join(" ")));

  test("s1 scans β = 0, 0.1, …, 1 in 11 combinations of network and group", () => {
    assert.equal(columns("ga", "s1", ["model", "group"]).size, 11);
    assert.deepEqual([...columns("ga", "s1", ["ampRatio"])], ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"]); // prettier-ignore
    assert.ok(!columns("ga", "s1", ["model", "group"]).has("VGG-19 first-bn-of-block"), "VGG-19 has no blocks");
  });

  test("s2 has the stages of S2_0.7_xx's kind", () => {
    const row = protocol("ga", { part: "s2" }).filter("d => d.params === 'S2_0.1_0.3' && d.group === 'bn'");
    assert.deepEqual([...new Set(row.array("stages") as string[])], ["[(50, 0.1, 0, 1), (100, 0.1, 0.1, 2), (130, 0.01, 0.3, 2), (150, 0.01, 0, 1)]"]); // prettier-ignore
    assert.deepEqual(row.array("model"), ["VGG-19", "ResNet-18", "ResNet-34"]);
  });

  test("factor varies Γ at the paper's best: 1 … 10 and 1.1 … 3", () => {
    const of = trials("ga", { part: "factor" }).filter(({ labels }) => labels.model === "ResNet-18");
    assert.deepEqual([...new Set(of.map(({ labels }) => `${labels.group} ${labels.params}`))], ["first-bn-of-block S2_0.3_0.5"]); // prettier-ignore
    const factors = of.map(({ labels }) => labels.ampFactor);
    assert.deepEqual(factors.slice(0, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.deepEqual([factors[10], factors[11], factors[29]], [1.1, 1.2, 3]);
    assert.ok(of.every(({ stages, labels }) => stages!.stages[1]!.ampFactor === labels.ampFactor));
  });

  test("late amplifies in 101–150, and in 101–130, only; longer ends at 200", () => {
    const ratios = (id: string) => trials("ga", { part: "late" }).find((trial) => trial.id.includes(id))!.stages!.stages.map(({ ampRatio }) => ampRatio); // prettier-ignore
    assert.deepEqual(ratios("vgg19-cifar-10-bn-to_150_0.4"), [0, 0, 0.4, 0.4]);
    assert.deepEqual(ratios("vgg19-cifar-10-bn-to_130_0.4"), [0, 0, 0.4, 0]);
    for (const { epochs, stages } of trials("ga", { part: "longer" })) {
      assert.equal(epochs, 200);
      assert.deepEqual(tupleOf(stages!.stages.at(-1)!), [200, 0.01, 0, 1]);
    }
  });

  test("params1 and params2 have the thresholds and ends of the 2023 paper", () => {
    const [first, ...rest] = trials("iga", { part: "params1" }).map(({ labels }) => labels.threshold);
    assert.deepEqual([first, rest[17], rest[18]], [0.7, 2.5, 0.7]);
    const deep = trials("iga", { part: "params2" });
    assert.deepEqual([...new Set(deep.map(({ labels }) => labels.threshold))], [1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3]); // prettier-ignore
    assert.deepEqual(deep[0]!.stages!.stages.map(tupleOf), [[10, 0.1, 0, 1], [100, 0.1, 1, 2], [145, 0.01, 1, 2], [150, 0.01, 0, 1]]); // prettier-ignore
    assert.deepEqual([...new Set(deep.map(({ labels }) => labels.model))], ["ResNet-50", "ResNet-101"]);
  });

  test("frequency reselects every 2 and every 5 epochs with G, both cases, on CIFAR-10", () => {
    assert.deepEqual(
      [...columns("iga", "frequency", ["directionality", "sides", "reselect"])],
      ["G both 2 epochs", "G both 5 epochs", "G one 2 epochs", "G one 5 epochs"],
    );
  });

  test("time interleaves original and amplified", () => {
    const five = trials("iga", { part: "time" }).slice(0, 5);
    assert.deepEqual(five.map(({ labels, seed }) => `${labels.method} ${seed}`), ["original 0", "G case 1 0", "G case 2 0", "G' case 1 0", "G' case 2 0"]); // prettier-ignore
  });

  test("calibration crosses momentum, decay and augmentation", () => {
    const of = trials("ga", { part: "calibration" }).filter(({ model }) => model.name === "vgg19");
    assert.equal(new Set(of.map((trial) => JSON.stringify([trial.optimizer, trial.data["augmentation"]]))).size, 12);
  });

  test("the VGG38 study's rows are those of its table, VGG38 BN 1e-3 both ways", () => {
    const rows = trials("vgp").map(({ name, model }) => `${name}: ${model.name}`);
    assert.deepEqual(rows, [
      "VGG08 1e-3: vgg08",
      "VGG38 1e-3: vgg38",
      "VGG38 BN 1e-2: vgg38-bn",
      "VGG38 BN 1e-3: vgg38-bn",
      "VGG38 BN (blocks) 1e-3: vgg38-bn-blocks",
      "VGG38 RC 1e-3: vgg38-rc",
      "VGG38 BN + RC 1e-3: vgg38-bn-rc",
      "VGG38 BN + RC 1e-2: vgg38-bn-rc",
    ]);
  });

  test("labels are those under which the papers' numbers are kept", () => {
    for (const paper of ["ga", "iga"] as const) {
      const known = published(paper);
      const [models, methods] = [new Set(known.array("model")), new Set(known.array("method"))];
      for (const { labels } of trials(paper)) {
        assert.ok(models.has(labels.model), labels.model);
        assert.ok(methods.has(labels.method), labels.method);
      }
    }
  });

  test("scope parameters leaves out the groups with ReLUs, which own no weights", () => {
    const groups = trials("ga", { part: "s1", scope: "parameters" }).map(({ labels }) => labels.group);
    assert.deepEqual([...new Set(groups)], ["bn", "first-bn-of-block"]);
    assert.equal(groups.length, 5 * 11);
    assert.ok(trials("iga", { scope: "parameters", part: "params1" }).every(({ stages }) => stages!.scope === "parameters")); // prettier-ignore
  });

  test("a paper or part that is not there is refused", () => {
    assert.throws(() => trials("ga", { part: "s3" }), { name: "RangeError", message: /baseline, s1, s2.*found s3/ });
    assert.throws(() => trials("vgg" as never), { name: "RangeError", message: /vgp, ga, iga but found vgg/ });
  });
});

describe("a trial is plain data", () => {
  test("every trial survives JSON and names a network that there is", () => {
    for (const paper of ["ga", "iga", "vgp"] as const) {
      for (const trial of trials(paper)) {
        assert.deepEqual(JSON.parse(JSON.stringify(trial)), trial);
        assert.ok(modelNames.includes(trial.model.name as ModelName));
        if (trial.stages) assert.equal(trial.stages.stages.at(-1)!.end, trial.epochs);
      }
    }
  });

  test("the other reading of G decides where G does, and G′ stays", () => {
    const [plain, other] = ["G", "GNet"].map((readingOfG) => trials("iga", { part: "params1", readingOfG: readingOfG as "G" | "GNet" })); // prettier-ignore
    assert.equal(other!.length, plain!.length);
    plain!.forEach((trial, at) => {
      const { directionality } = trial.stages!.intelligent!;
      const expected = directionality === "G" ? "GNet" : directionality;
      assert.equal(other![at]!.stages!.intelligent!.directionality, expected);
      assert.equal(other![at]!.labels.directionality, expected);
      assert.equal(other![at]!.labels.method, trial.labels.method);
    });
    assert.throws(() => trials("ga", { readingOfG: "GNet" }), { name: "RangeError", message: /readingOfG/ });
  });

  test("its options are what ga.train takes", () => {
    const data = tinyData();
    const [s2] = trials("ga", { part: "s2" });
    const [vgp] = trials("vgp");
    // VGG08 stands in for the paper's network, which is too large for a test.
    assert.throws(() => startTraining(tinyModel(), data, { ...trainOptions(s2!), epochs: 3 }), /both/);
    const resolved = startTraining(tinyModel(), data, { ...trainOptions(vgp!), epochs: 1 });
    resolved.stop();
    const { learningRate } = resolved.options["optimizer"] as { learningRate: object };
    assert.deepEqual(learningRate, { cosine: 0.001, min: 0.00002 });
  });

  test("it runs, from JSON, with an optimizer and stages of its own", async () => {
    const [paper] = trials("ga", { part: "s2" });
    const trial: TrialSpec = {
      ...paper!,
      model: { name: "vgg08-bn", options: { classes: 10, width: 4 } },
      data: { name: "embedded", classes: 10, augmentation: null, train: 40, validation: 10, test: 10, seed: 0 },
      batchSize: 20,
      epochs: 2,
      stages: { ...paper!.stages!, stages: [{ end: 1, learningRate: 0.1, ampRatio: 0, ampFactor: 1 }, { end: 2, learningRate: 0.1, ampRatio: 0.5, ampFactor: 2 }], group: "bn" }, // prettier-ignore
    };
    const { run, data } = await startTrial(JSON.parse(JSON.stringify(trial)) as TrialSpec);
    await run.finished;
    data.dispose();
    assert.deepEqual(run.epochs.map(({ amplifiedLayers }) => amplifiedLayers), [0, 3]); // prettier-ignore
    assert.equal(run.name, trial.name);
  });
});
