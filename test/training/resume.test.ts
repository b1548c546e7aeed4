import assert from "node:assert/strict";
import { test } from "node:test";
import type { EpochRow } from "../../src/rows";
import { stages } from "../../src/amplification";
import { type LayersModel, tf } from "../../src/tensorflow";
import { adam, cosine, type Run, sgd, startTraining, type TrainingState, type TrainOptions } from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";

const data = tinyData({ augmentation: { pad: 2, flip: true } });
const common = { batchSize: 20, seed: 3, test: "epoch" as const };

/** Options are made anew for every run, since a tf.train optimizer keeps its state. */
const CASES: Record<string, () => TrainOptions> = {
  "momentum, which has slots": () => ({ ...common, epochs: 4, optimizer: sgd({ learningRate: 0.05 }) }),
  "adam, whose updates depend on the step, under a schedule": () => ({
    ...common,
    epochs: 4,
    optimizer: adam({ learningRate: cosine(1e-2) }),
  }),
  "a tf.train optimizer with state of its own": () => ({ ...common, epochs: 4, optimizer: tf.train.adam(1e-3) }),
  "stages with random layers, resumed within one and between two": () => ({
    ...common,
    stages: stages(
      [
        [1, 0.05, 0, 1],
        [3, 0.05, 0.4, 2],
        [4, 0.01, 0.2, 2],
      ],
      { group: "bn" },
    ),
  }),
};

const numbers = ({ seconds: _, imagesPerSecond: __, ...row }: EpochRow) => row;

function weightsOf(model: LayersModel): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

interface Outcome {
  readonly run: Run;
  readonly states: readonly TrainingState[];
  readonly weights: number[][];
}

async function train(options: TrainOptions, from: TrainingState | null = null): Promise<Outcome> {
  // Another beginning than the first run's, to show that nothing of it is left.
  const model = tinyModel({ batchNorm: true, seed: from ? 99 : 1 });
  const states: TrainingState[] = [];
  const run = startTraining(model, data, options, {
    from,
    onSnapshot: async (snapshot) => void states.push(await snapshot.read()),
  });
  await run.finished;
  const weights = weightsOf(model);
  model.dispose();
  return { run, states, weights };
}

for (const [name, options] of Object.entries(CASES)) {
  test(`training taken up after any epoch ends with the very numbers of one that never stopped: ${name}`, async () => {
    const whole = await train(options());
    assert.deepEqual(
      whole.states.map(({ epoch, step }) => [epoch, step]),
      [0, 1, 2, 3, 4].map((epoch) => [epoch, 3 * epoch]),
    );
    for (const from of whole.states.slice(0, -1)) {
      const rest = await train(options(), from);
      assert.deepEqual(rest.weights, whole.weights, `from epoch ${from.epoch}`);
      assert.deepEqual(rest.run.epochs.map(numbers), whole.run.epochs.slice(from.epoch).map(numbers));
      assert.deepEqual(
        rest.run.gradients,
        whole.run.gradients.filter(({ epoch }) => epoch > from.epoch),
      );
      assert.deepEqual(
        rest.run.stages,
        whole.run.stages.filter(({ epoch }) => epoch > from.epoch),
      );
      assert.equal(rest.run.status, "finished");
    }
  });
}

test("a state of another model or optimizer is refused, and nothing is changed", async () => {
  const { states } = await train({ ...common, epochs: 1 });
  const from = states[1]!;
  const model = tinyModel({ batchNorm: true, seed: 5 });
  const before = weightsOf(model);
  const refused = async (tensors: TrainingState["tensors"], options: TrainOptions, message: RegExp) => {
    const run = startTraining(model, data, { ...common, epochs: 2, ...options }, { from: { ...from, tensors } });
    await assert.rejects(run.finished, { name: "RangeError", message });
    assert.equal(run.status, "failed");
    assert.deepEqual(weightsOf(model), before);
  };
  await refused(from.tensors, { optimizer: adam() }, /found no optimizer\/.*\/1 in it/);
  await refused(from.tensors, { optimizer: sgd({ momentum: 0 }) }, /found optimizer\/.*\/0 in it/);
  const [name, value] = [...from.tensors][0]!;
  await refused(new Map([...from.tensors, [name, { ...value, shape: [1, ...value.shape] }]]), {}, /to have shape/);
});

test("what the recorder throws ends the run", async () => {
  const run = startTraining(
    tinyModel(),
    data,
    { ...common, epochs: 3 },
    {
      onSnapshot({ epoch }) {
        if (epoch === 2) throw new Error("the disk is full");
      },
    },
  );
  await assert.rejects(run.finished, /the disk is full/);
  assert.deepEqual([run.status, run.epochs.length], ["failed", 2]);
});

test("an epoch whose evaluation was interrupted is not one to go on from", async () => {
  const model = tinyModel();
  const kept: number[] = [];
  const options = { ...common, epochs: 2, batchSize: 50 };
  const run = startTraining(model, data, options, { onSnapshot: ({ epoch }) => void kept.push(epoch) });
  // The only step of epoch 2 is done; its evaluation is still to come.
  run.on("progress", ({ epoch }) => epoch === 2 && run.stop());
  await run.finished;
  assert.deepEqual(
    [run.status, kept, run.epochs.map(({ testLoss }) => testLoss !== null)],
    ["interrupted", [0, 1], [true, false]],
  );
});

test("no tensors are left behind", async () => {
  await train(CASES["momentum, which has slots"]!());
  const before = tf.memory().numTensors;
  const { states } = await train(CASES["momentum, which has slots"]!());
  await train(CASES["momentum, which has slots"]!(), states[2]);
  assert.equal(tf.memory().numTensors, before);
});
