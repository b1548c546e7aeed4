import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Directionality, intelligentStages, type IntelligentStagesOptions, type Sides, stages } from "../../src/amplification"; // prettier-ignore
import { weightTensors } from "../../src/gradients";
import { type LayersModel, tf } from "../../src/tensorflow";
import { adam, type Optimizer, type Run, sgd, startTraining, type TrainOptions } from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";

const data = tinyData({ train: 45, validation: 0, test: 10, augmentation: null });
const schedule = [[1, 0.1, 0, 1], [4, 0.1, 1, 2], [7, 0.01, 1, 2], [8, 0.01, 0, 1]] as const; // prettier-ignore
const plan = (own: Partial<IntelligentStagesOptions> = {}) =>
  intelligentStages({ directionality: "G", sides: "both", threshold: 0.7, schedule, ...own });

async function train(
  own: Partial<IntelligentStagesOptions> = {},
  options: TrainOptions = {},
  model = tinyModel({ batchNorm: true }),
): Promise<Run> {
  // prettier-ignore
  return startTraining(model, data, { stages: plan(own), batchSize: 20, seed: 3, ...options }).finished;
}

/** An optimizer that also keeps every gradient it is given; on the eager engine these are values. */
function keeping(optimizer: Optimizer, kept: number[][][]): Optimizer {
  return {
    ...optimizer,
    start(variables) {
      const state = optimizer.start(variables);
      return {
        ...state,
        apply(gradients, scalars) {
          kept.push(gradients.map((gradient) => [...gradient.dataSync()]));
          state.apply(gradients, scalars);
        },
      };
    },
  };
}

/** G, G′ and the other reading of G of each layer from all gradients of some steps, number by number. */
function naive(
  model: LayersModel,
  steps: readonly number[][][],
): { layer: string; G: number; GPrime: number; GNet: number }[] {
  const tensors = weightTensors(model);
  const layers = [...new Set(tensors.map(({ layer }) => layer))];
  return layers.map((layer) => {
    const own = tensors.filter((tensor) => tensor.layer === layer);
    const [sums, sizes]: [number[], number[]] = [[], []];
    for (const { index, size } of own) {
      for (let i = 0; i < size; i++) {
        sums.push(steps.reduce((sum, step) => sum + step[index]![i]!, 0));
        sizes.push(steps.reduce((sum, step) => sum + Math.abs(step[index]![i]!), 0));
      }
    }
    const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
    const nets = sums.map(Math.abs);
    const each = nets.map((net, i) => (sizes[i] === 0 ? 0 : net / sizes[i]!));
    const share = (value: number) => (total(sizes) === 0 ? 0 : value / total(sizes));
    return { layer, G: share(total(nets)), GPrime: total(each) / each.length, GNet: share(Math.abs(total(sums))) };
  });
}

describe("an intelligent schedule", () => {
  test("selects by what all gradients of the analysed epoch give, recomputed one by one, for every ratio and case", async () => {
    for (const directionality of ["G", "GPrime", "GNet"] as Directionality[]) {
      for (const sides of ["one", "both"] as Sides[]) {
        const kept: number[][][] = [];
        const model = tinyModel({ batchNorm: true });
        const run = await train({ directionality, sides }, { engine: "eager", optimizer: keeping(sgd(), kept) }, model);
        // 45 samples in batches of 20: three steps an epoch.
        for (const [epoch, from] of [
          [2, 3],
          [5, 5],
        ] as const) {
          // prettier-ignore
          const steps = kept.slice(3 * (epoch - 1), 3 * epoch);
          const expected = naive(model, steps);
          const rows = run.selections.filter(({ analysed }) => analysed === epoch);
          assert.deepEqual(rows.map(({ layer }) => layer), expected.map(({ layer }) => layer)); // prettier-ignore
          const values = expected.map((row) => row[directionality]);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
          rows.forEach((row, at) => {
            const normalized = (values[at]! - mean) / deviation;
            assert.ok(Math.abs(row.ratio! - values[at]!) < 1e-5, `${row.layer}: ${row.ratio} against ${values[at]}`);
            assert.ok(
              Math.abs(row.normalized! - normalized) < 1e-3,
              `${row.layer}: ${row.normalized} and ${normalized}`,
            );
            assert.equal(row.selected, (sides === "both" ? Math.abs(normalized) : normalized) > 0.7);
            assert.deepEqual(
              [row.epoch, row.stage, row.by, row.threshold, row.sides, row.ampFactor, row.ampRatio],
              [epoch + 1, epoch === 2 ? 1 : 2, directionality, 0.7, sides, 2, null],
            );
          });
          assert.ok(from);
        }
      }
    }
  });

  test("amplifies from the epoch after the analysed one to the end of the stage, what it selected", async () => {
    const run = await train();
    const selected = (epoch: number) => run.selections.filter((row) => row.epoch === epoch && row.selected).length;
    assert.ok(selected(3) > 0 && selected(6) > 0, "the threshold selects some");
    assert.deepEqual(
      run.epochs.map(({ amplifiedLayers }) => amplifiedLayers),
      [0, 0, selected(3), selected(3), 0, selected(6), selected(6), 0],
    );
    assert.deepEqual(run.directionality.map(({ epoch }) => epoch).filter((epoch, at, all) => epoch !== all[at - 1]), [2, 5]); // prettier-ignore
    assert.deepEqual([...new Set(run.selections.map(({ epoch }) => epoch))], [3, 6]);
  });

  test("before its first selection it trains as a run that amplifies nothing, to the last digit", async () => {
    const rows = (run: Run, epochs: number) => run.epochs.slice(0, epochs).map(({ trainLoss, testLoss }) => [trainLoss, testLoss]); // prettier-ignore
    const plain = await train({}, { stages: stages(schedule.map(([end, rate]) => [end, rate, 0, 1] as const)) });
    const intelligent = await train();
    assert.deepEqual(rows(intelligent, 2), rows(plain, 2));
    assert.notDeepEqual(rows(intelligent, 4)[3], rows(plain, 4)[3]);
  });

  test("amplifies what an amplification of the selected layers by name amplifies", async () => {
    const intelligent = await train({ resetOptimizer: false });
    const names = new Set(intelligent.selections.filter((row) => row.epoch === 3 && row.selected).map(({ layer }) => layer)); // prettier-ignore
    const byName = stages([[1, 0.1, 0, 1], [2, 0.1, 0, 1], [4, 0.1, 1, 2]], { group: (layer) => names.has(layer.name), resetOptimizer: false }); // prettier-ignore
    const named = await train({}, { stages: byName });
    assert.deepEqual(
      named.epochs.map(({ trainLoss }) => trainLoss),
      intelligent.epochs.slice(0, 4).map(({ trainLoss }) => trainLoss),
    );
  });

  test("graph and eager engines select the same layers", async () => {
    const [graph, eager] = [await train({}, { engine: "graph" }), await train({}, { engine: "eager" })];
    const chosen = (run: Run) => run.selections.map(({ epoch, layer, selected }) => [epoch, layer, selected]);
    assert.deepEqual(chosen(graph), chosen(eager));
    graph.directionality.forEach((row, at) => {
      assert.ok(Math.abs(row.G - eager.directionality[at]!.G) < 1e-4, `${row.layer} ${row.G}`);
    });
  });

  test("a group narrows the layers considered; the rule normalises over those alone", async () => {
    const run = await train({ group: "bn", sides: "one" });
    const rows = run.selections.filter(({ epoch }) => epoch === 3);
    assert.equal(rows.length, 7);
    assert.ok(rows.every(({ layer }) => layer.includes("_bn_")));
    const mean = rows.reduce((sum, { normalized }) => sum + normalized!, 0) / rows.length;
    assert.ok(Math.abs(mean) < 1e-6);
    assert.equal(run.stages[1]!.groupSize, 7);
  });

  test("scope parameters takes every layer that is considered", async () => {
    const run = await train({ scope: "parameters" });
    assert.equal(run.status, "finished");
    assert.ok(run.selections.some(({ selected }) => selected));
  });

  test("reselection every 2 epochs, amplified or paused, records each selection", async () => {
    const every = { reselect: { epochs: 2 }, schedule: [[1, 0.1, 0, 1], [7, 0.1, 1, 2]] } as const; // prettier-ignore
    const goingOn = await train(every);
    assert.deepEqual([...new Set(goingOn.selections.map(({ epoch, analysed }) => `${analysed}→${epoch}`))], ["2→3", "3→4", "5→6"]); // prettier-ignore
    const counts = (run: Run, epoch: number) => run.selections.filter((row) => row.epoch === epoch && row.selected).length; // prettier-ignore
    assert.deepEqual(
      goingOn.epochs.map(({ amplifiedLayers }) => amplifiedLayers),
      [0, 0, counts(goingOn, 3), counts(goingOn, 4), counts(goingOn, 4), counts(goingOn, 6), counts(goingOn, 6)],
    );
    const paused = await train({ ...every, analyse: "pause" });
    assert.deepEqual([...new Set(paused.selections.map(({ epoch, analysed }) => `${analysed}→${epoch}`))], ["2→3", "4→5", "6→7"]); // prettier-ignore
    assert.deepEqual(
      paused.epochs.map(({ amplifiedLayers }) => amplifiedLayers > 0),
      [false, false, true, false, true, false, true],
    );
  });

  test("a threshold that no layer crosses trains on without amplification, and says so in the record", async () => {
    const run = await train({ threshold: 50 });
    assert.ok(run.epochs.every(({ amplifiedLayers }) => amplifiedLayers === 0));
    assert.equal(run.selections.length, 2 * 15);
    assert.ok(run.selections.every(({ selected }) => !selected));
  });

  test("leaves no tensors and no trace on the model, also where it is stopped or fails", async () => {
    const model = tinyModel({ batchNorm: true });
    const options = { stages: plan(), batchSize: 20 };
    await startTraining(model, data, options).finished;
    const before = tf.memory().numTensors;
    await startTraining(model, data, options).finished;
    assert.equal(tf.memory().numTensors, before);
    const stopped = startTraining(model, data, options);
    stopped.on("selection", () => stopped.stop());
    await stopped.finished;
    assert.equal(stopped.status, "interrupted");
    assert.equal(tf.memory().numTensors, before);
    const failed = startTraining(model, data, options);
    failed.on("epoch", ({ row }) => {
      if (row.amplifiedLayers > 0) throw new Error("a listener's own");
    });
    await assert.rejects(failed.finished, /a listener's own/);
    assert.equal(failed.status, "failed");
    assert.ok(model.layers.every((layer) => !Object.hasOwn(layer, "call")));
    assert.equal(tf.memory().numTensors, before);
  });

  test("events tell of stages first, then of selections with their reasons", async () => {
    const run = startTraining(tinyModel({ batchNorm: true }), data, { stages: plan(), batchSize: 20, seed: 3 });
    const told: string[] = [];
    run.on("stage", ({ epoch, groupSize, layers }) => told.push(`stage ${epoch} of ${groupSize}: ${layers.length}`));
    run.on("selection", ({ epoch, layers, rows }) => {
      told.push(`selection ${epoch}`);
      assert.deepEqual(layers, rows.filter(({ selected }) => selected).map(({ layer }) => layer)); // prettier-ignore
    });
    run.on("epoch", ({ row }) => told.push(`epoch ${row.epoch}`));
    await run.finished;
    assert.deepEqual(told, [
      ...["stage 1 of 0: 0", "epoch 1", "stage 2 of 15: 0", "selection 3", "epoch 2", "epoch 3", "epoch 4"],
      ...["stage 5 of 15: 0", "selection 6", "epoch 5", "epoch 6", "epoch 7", "stage 8 of 0: 0", "epoch 8"],
    ]);
  });

  test("a gradient that is not finite is told of, and its layers take no part", async () => {
    const run = await train({}, { onNonFinite: "record", optimizer: sgd({ momentum: 0.9 }), stages: plan({ schedule: [[1, 1e30, 0, 1], [3, 0.1, 1, 2]] }) }); // prettier-ignore
    assert.ok(run.warnings.some((text) => /in epoch 2 were not finite: such layers take no part/.test(text)), `${run.warnings}`); // prettier-ignore
    assert.ok(run.selections.every(({ selected, ratio }) => !selected || Number.isFinite(ratio)));
  });

  test("Adam warns once however often layers are selected", async () => {
    const run = await train({ reselect: { epochs: 1 } }, { optimizer: adam() });
    assert.equal(run.warnings.filter((text) => text.includes("amplif")).length, 1);
  });

  test("what makes no sense for the model is refused before any work", () => {
    const refused = (own: Partial<IntelligentStagesOptions>, message: RegExp) =>
      assert.throws(() => startTraining(tinyModel(), data, { stages: plan(own) }), { name: "RangeError", message });
    refused({ group: "relu" }, /trainable weights for gradients to choose from but found input_conv_relu_0/);
    refused({ group: (layer) => layer.name === "none" }, /the predicate to match at least one layer/);
  });
});

test("a random selection is recorded too", async () => {
  const list = [[1, 0.1, 0, 1], [2, 0.1, 0.5, 3]] as const; // prettier-ignore
  const run = await train({}, { stages: stages(list, { group: "bn" }) });
  assert.equal(run.selections.length, 7);
  assert.deepEqual(run.selections.filter(({ selected }) => selected).map(({ layer }) => layer), run.stages[1]!.layers); // prettier-ignore
  const [row] = run.selections;
  assert.deepEqual(
    { ...row, selected: null },
    { epoch: 2, stage: 1, index: 0, layer: "input_conv_bn_0", selected: null, ampFactor: 3, by: "random", ampRatio: 0.5, analysed: null, ratio: null, normalized: null, threshold: null, sides: null }, // prettier-ignore
  );
});

test("scope parameters with layers that own no weights is refused before any work", () => {
  const list = [[1, 0.1, 0, 1], [2, 0.1, 0.5, 3]] as const; // prettier-ignore
  const relu = stages(list, { group: "relu", scope: "parameters" });
  assert.throws(() => startTraining(tinyModel(), data, { stages: relu }), { name: "RangeError", message: /relu_0 has none/ }); // prettier-ignore
  assert.throws(() => startTraining(tinyModel(), data, { amplify: { group: "relu", scope: "parameters" } }), { name: "RangeError", message: /relu_0 has none/ }); // prettier-ignore
});
