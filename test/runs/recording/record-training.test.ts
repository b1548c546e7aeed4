import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { intelligentStages, stages } from "../../../src/amplification";
import { loadModel, readRun, readRunInfo, recordTraining, runStatus, startResuming } from "../../../src/runs";
import { listCheckpoints } from "../../../src/runs/checkpoints/checkpoint";
import { tf } from "../../../src/tensorflow";
import { evaluate, sgd } from "../../../src/training";
import { temporaryFolder } from "../support";
import { data, keep, newModel, numbers, options, plan, undisturbed, weightsOf } from "./support";

test("a kept run has the same numbers as one that is not, and its folder has all of them", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  const plain = await undisturbed();
  const { run, weights, notes } = await keep({ folder, config: { why: "test" } });
  assert.deepEqual([weights, numbers(run), notes], [plain.weights, numbers(plain.run), []]);
  assert.deepEqual(numbers(readRun(folder)), numbers(run));
  assert.equal(await runStatus(folder), "finished");

  const info = readRunInfo(folder);
  assert.deepEqual(
    [info.status, info.progress?.epoch, info.progress?.step, info["config"], info.error, info.stages],
    ["finished", 4, 8, { why: "test" }, null, run.stages],
  );
  assert.deepEqual(info.options, JSON.parse(JSON.stringify(run.options)));
  const [session] = info.sessions ?? [];
  assert.deepEqual([session?.pid, session?.epoch, session?.versions?.tfjs], [process.pid, 0, tf.version.tfjs]);
  assert.ok((session?.peakMemory ?? 0) > 1e7 && session?.ended !== null);
  // One file of each kind, no temporary ones, nobody at work.
  for (const kind of ["epochs", "gradients", "selections"])
    assert.equal(readdirSync(join(folder, kind)).length, 1, kind);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
  );
});

test("its networks come back with the last and the best weights, and the best ones are tested", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  const { run, weights } = await keep({ folder });
  const last = await loadModel(folder);
  assert.deepEqual(weightsOf(last), weights);
  const best = readRunInfo(folder).best!;
  const accuracies = run.epochs.map((row) => row.validationAccuracy!);
  assert.equal(best.epoch, accuracies.indexOf(Math.max(...accuracies)) + 1);
  const scores = await evaluate(await loadModel(folder, { epoch: "best" }), data, data.test);
  assert.deepEqual([best.testLoss, best.testAccuracy], [scores.loss, scores.accuracy]);
  await assert.rejects(loadModel(folder, { epoch: 9 }), {
    name: "RangeError",
    message: /to have a checkpoint of epoch 9 but found [\d, ]+$/,
  });
});

describe("a run goes on where it was stopped", () => {
  for (const until of [1, 2, 3])
    test(`after epoch ${until}, by the same call and by its folder alone`, async (t) => {
      const plain = await undisturbed();
      const folder = temporaryFolder(t);
      for (const way of ["call", "folder"]) {
        const run = join(folder, way);
        const first = await keep({ folder: run, until });
        assert.deepEqual([first.run.status, readRunInfo(run).status], ["interrupted", "interrupted"]);
        if (way === "call") {
          const rest = await keep({ folder: run });
          assert.deepEqual([rest.weights, numbers(rest.run)], [plain.weights, numbers(plain.run)]);
        } else {
          const rest = await startResuming(run);
          await rest.run.finished;
          assert.deepEqual([weightsOf(rest.model), numbers(rest.run)], [plain.weights, numbers(plain.run)]);
        }
        assert.deepEqual(numbers(readRun(run)), numbers(plain.run));
        assert.equal(readRunInfo(run).sessions?.length, 2);
      }
    });

  test("layers that were chosen by their gradients stay chosen", async (t) => {
    const chosen = {
      ...options,
      stages: intelligentStages({
        ...{ directionality: "G", sides: "both", threshold: 0.5, reselect: { epochs: 2 } },
        schedule: [
          [1, 0.05, 0, 1],
          [5, 0.05, 1, 2],
        ],
      } as never),
    };
    const plain = await undisturbed(chosen);
    assert.ok(plain.run.selections.some(({ selected }) => selected));
    for (const until of [2, 3]) {
      const folder = join(temporaryFolder(t), "a");
      await keep({ folder, until }, chosen);
      const { run, weights } = await keep({ folder }, chosen);
      assert.deepEqual([weights, numbers(run)], [plain.weights, numbers(plain.run)], `after ${until}`);
      assert.deepEqual(numbers(readRun(folder)), numbers(plain.run));
    }
  });

  test("an optimizer of tfjs, histograms and outputs come along", async (t) => {
    const own = () => ({
      ...{ epochs: 3, batchSize: 20, seed: 1, engine: "eager" as const, optimizer: tf.train.adam(1e-3) },
      measure: { statistics: ["histogram" as const, "outputs" as const, "directionality" as const] },
    });
    const plain = await undisturbed(own());
    const folder = join(temporaryFolder(t), "a");
    await keep({ folder, until: 2 }, own());
    const { run, model } = await startResuming(folder);
    await run.finished;
    assert.deepEqual(weightsOf(model), plain.weights);
    const { histograms, outputs, directionality } = readRun(folder);
    assert.deepEqual(
      [histograms, outputs, directionality],
      [plain.run.histograms, plain.run.outputs, plain.run.directionality],
    );
  });
});

test("a folder that holds another run is left alone; one that has finished is read", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  await keep({ folder, until: 1 });
  const refused = (given: Parameters<typeof keep>[1], message: RegExp) =>
    assert.rejects(keep({ folder }, given), { name: "RangeError", message });
  await refused({ ...options, seed: 4 }, /which has options\.seed 3, but found 4: choose another folder/);
  await refused({ ...options, optimizer: sgd({ momentum: 0.5 }) }, /options\.optimizer\.momentum 0\.9, but found 0\.5/);
  const first = await keep({ folder });
  const written = readFileSync(join(folder, "run.json"), "utf8");
  const again = await keep({ folder });
  assert.deepEqual(
    [again.run.status, again.run.epochs, again.run.stages],
    ["finished", first.run.epochs, first.run.stages],
  );
  assert.deepEqual(again.weights, first.weights);
  assert.match(again.notes.join(), /has finished: nothing is trained/);
  assert.equal(readFileSync(join(folder, "run.json"), "utf8"), written);
  await refused({ ...options, seed: 4 }, /which has options\.seed 3, but found 4: choose another folder/);
  for (const { path } of listCheckpoints(folder)) rmSync(path);
  await refused(options, /to have the checkpoint of its last epoch but found none: choose another folder/);
  await assert.rejects(startResuming(folder), { name: "RangeError", message: /found that .* has finished/ });
});

test("what a folder cannot restore is asked for", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  const byHand = { ...options, stages: stages([[2, 0.1, 1, 2]], { group: (layer) => layer.name.includes("bn") }) };
  await keep({ folder, until: 1 }, byHand);
  await assert.rejects(startResuming(folder), {
    name: "TypeError",
    message: /^Expected group in stages to be known by name but found a function/,
  });
  const { run } = await keep({ folder }, byHand);
  assert.equal(run.status, "finished");
});

test("options of keeping that make no sense are refused before anything is written", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  for (const [save, message] of [
    [{ checkpointEvery: 0 }, /checkpointEvery to be a whole number above 0 but found 0/],
    [{ until: 0.5 }, /until to be an epoch from 1 but found 0.5/],
    [{ keep: [-1] }, /keep to list epochs but found -1/],
  ] as const)
    await assert.rejects(keep({ folder, ...save }), { name: "RangeError", message });
  assert.equal(existsSync(folder), false);
});

describe("checkpoints", () => {
  const epochs = (folder: string) => listCheckpoints(folder).map(({ epoch }) => epoch);

  test("the last two, the best and those asked for stay; the others go", async (t) => {
    const folder = join(temporaryFolder(t), "a");
    await keep({ folder, keep: [1] }, { ...options, validate: "never" });
    assert.deepEqual(epochs(folder), [1, 3, 4]);
  });

  test("can be written less often, and be deleted at the end", async (t) => {
    const folder = temporaryFolder(t);
    const rare = { ...options, validate: "never" as const };
    await keep({ folder: join(folder, "a"), checkpointEvery: 3 }, rare);
    assert.deepEqual(epochs(join(folder, "a")), [3, 4]);
    await keep({ folder: join(folder, "b"), keep: [2], keepLast: false }, rare);
    assert.deepEqual(epochs(join(folder, "b")), [2]);
  });
});

describe("a fork", () => {
  test("has the numbers of a run that went its way from the beginning", async (t) => {
    const folder = temporaryFolder(t);
    const parent = join(folder, "parent");
    await keep({ folder: parent, until: 2 });
    const other = { ...options, stages: plan(0.9) };
    const plain = await undisturbed(other);
    const { run, weights } = await keep({ folder: join(folder, "child"), from: { run: parent, epoch: 2 } }, other);
    assert.deepEqual([weights, numbers(run)], [plain.weights, numbers(plain.run)]);
    assert.deepEqual(numbers(readRun(join(folder, "child"))), numbers(plain.run));
    assert.deepEqual(readRunInfo(join(folder, "child")).from, { run: parent, epoch: 2 });
    assert.deepEqual(weightsOf(await loadModel(join(folder, "child"))), weights);
    assert.notDeepEqual(numbers(run), numbers((await undisturbed()).run));
  });

  test("from the analysed epoch chooses layers by its own rule", async (t) => {
    const folder = temporaryFolder(t);
    const rule = (threshold: number, sides: "one" | "both") => ({
      ...options,
      stages: intelligentStages({
        ...{ directionality: "G", sides, threshold },
        schedule: [
          [1, 0.05, 0, 1],
          [4, 0.05, 1, 2],
        ],
      }),
    });
    const parent = join(folder, "parent");
    await keep({ folder: parent, until: 2 }, rule(9, "one"));
    assert.ok(readRun(parent).selections!.every(({ selected }) => !selected));
    const plain = await undisturbed(rule(0.3, "both"));
    assert.ok(plain.run.selections.some(({ selected }) => selected));
    const child = await keep({ folder: join(folder, "child"), from: { run: parent, epoch: 2 } }, rule(0.3, "both"));
    assert.deepEqual([child.weights, numbers(child.run)], [plain.weights, numbers(plain.run)]);
  });

  test("is refused where the runs did not begin alike, or there is no such checkpoint", async (t) => {
    const folder = temporaryFolder(t);
    const parent = join(folder, "parent");
    await keep({ folder: parent, until: 3 });
    const refused = (epoch: number, given: typeof options, message: RegExp) =>
      assert.rejects(keep({ folder: join(folder, "child"), from: { run: parent, epoch } }, given), {
        name: "RangeError",
        message,
      });
    await refused(3, { ...options, stages: plan(0.9) }, /which has options\.each\.2\.amplified\.layers/);
    await refused(3, { ...options, seed: 4 }, /options\.seed 3, but found 4/);
    await refused(3, { ...options, batchSize: 10 }, /options\.batchSize 20, but found 10/);
    await refused(7, options, /to have a checkpoint of epoch 7 but found .*keep it with \{ keep: \[7\] \}/);
    const other = newModel();
    other.setWeights(other.getWeights().map((weight) => weight.add(1)));
    await assert.rejects(
      recordTraining(other, data, options, { folder: join(folder, "child"), from: { run: parent, epoch: 3 } }),
      { name: "RangeError", message: /Expected the weights that .* began with but found others/ },
    );
    assert.equal(existsSync(join(folder, "child", "run.json")), false);
  });
});

test("a run that diverges keeps the epoch in which it did", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  const { run } = await keep(
    { folder },
    { epochs: 3, batchSize: 20, engine: "eager", optimizer: sgd({ learningRate: 1e30 }) },
  );
  const info = readRunInfo(folder);
  assert.deepEqual([run.status, info.status, info.nonFinite], ["diverged", "diverged", run.nonFinite]);
  assert.ok(info.nonFinite!.layer !== null);
  const rows = readRun(folder).epochs;
  assert.deepEqual([rows.length, Number.isNaN(rows.at(-1)!.trainLoss)], [run.nonFinite!.epoch, true]);
});
