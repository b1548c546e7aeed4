/** Callbacks and early stopping: what they are told, that they end training and change its rate, and that runs go on. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readRunInfo, recordTraining } from "../../src/runs";
import { type Callbacks, keyed, TRAINING } from "../../src/spec";
import {
  earlyStopping,
  type EpochDone,
  evaluate,
  type EvaluationDone,
  sgd,
  startTraining,
  type StepDone,
  type TrainingState,
  type TrainOptions,
} from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";
import { temporaryFolder } from "../runs/support";

const data = tinyData({ augmentation: null });
const steps = Math.ceil(data.train.size! / 20);
const common: TrainOptions = { batchSize: 20, measure: null, test: "never", optimizer: sgd({ learningRate: 0.05 }) };
const weightsOf = (model: ReturnType<typeof tinyModel>) => model.getWeights().map((weight) => [...weight.dataSync()]);

async function trained(options: TrainOptions, keeper = {}) {
  const model = tinyModel();
  const run = await startTraining(model, data, { ...common, ...options }, keeper).finished;
  const weights = weightsOf(model);
  model.dispose();
  return { run, weights };
}

for (const engine of ["graph", "eager"] as const)
  test(`callbacks are told of every step, epoch and evaluation, and change no number (${engine})`, async () => {
    const seen: { steps: StepDone[]; epochs: EpochDone[]; evaluations: EvaluationDone[] } = { steps: [], epochs: [], evaluations: [] }; // prettier-ignore
    const callbacks: Callbacks = {
      onStep: (step) => void seen.steps.push(step),
      onEpoch: async (epoch) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.epochs.push(epoch);
      },
      onEvaluate: (evaluation) => void seen.evaluations.push(evaluation),
    };
    const watched = await trained({ epochs: 2, engine, callbacks, validate: "epoch", measure: { every: 3 } });
    const plain = await trained({ epochs: 2, engine });
    assert.deepEqual(watched.weights, plain.weights);
    assert.deepEqual(seen.steps.map(({ step }) => step), Array.from({ length: 2 * steps }, (_, at) => at + 1)); // prettier-ignore
    assert.deepEqual(seen.epochs.map(({ row }) => row), watched.run.epochs); // prettier-ignore
    const first = seen.steps.slice(0, steps);
    const sizes = first.map((_, at) => Math.min(20, data.train.size! - at * 20));
    const mean = first.reduce((sum, { loss }, at) => sum + loss * sizes[at]!, 0) / data.train.size!;
    assert.ok(Math.abs(mean / plain.run.epochs[0]!.trainLoss - 1) < 1e-5);
    if (data.validation)
      assert.deepEqual(seen.evaluations.map(({ split, loss }) => [split, loss]), watched.run.epochs.map(({ validationLoss }) => ["validation", validationLoss])); // prettier-ignore
  });

test("every n-th step is told, with the mean loss since the last call", async () => {
  const seen: number[] = [];
  await trained({ epochs: 2, callbacks: { onStep: ({ step }) => void seen.push(step), every: 3 } });
  assert.deepEqual(seen, Array.from({ length: Math.floor((2 * steps) / 3) }, (_, at) => 3 * (at + 1))); // prettier-ignore
});

describe("stopping", () => {
  test("within an epoch: at that very step, with the epochs before it", async () => {
    const seen: number[] = [];
    const callbacks: Callbacks = {
      onStep({ step, stop }) {
        seen.push(step);
        if (step === steps + 2) stop();
      },
    };
    const { run } = await trained({ epochs: 5, callbacks });
    assert.deepEqual([run.status, run.epochs.length, seen.at(-1)], ["stopped early", 1, steps + 2]);
  });

  test("after an epoch", async () => {
    const { run } = await trained({ epochs: 5, callbacks: { onEpoch: ({ row, stop }) => row.epoch === 2 && stop() } });
    assert.deepEqual([run.status, run.epochs.length], ["stopped early", 2]);
  });

  test("what a callback throws ends the run as failed, with that error", async () => {
    const model = tinyModel();
    const run = startTraining(model, data, { ...common, epochs: 2, callbacks: { onEpoch: () => Promise.reject(new Error("mine")) } }); // prettier-ignore
    await assert.rejects(run.finished, /mine/);
    assert.equal(run.status, "failed");
    model.dispose();
  });
});

test("a rate that is set holds from the next step on, also where the run goes on", async () => {
  const states: TrainingState[] = [];
  const keeper = { onSnapshot: async (snapshot: { read(): Promise<TrainingState> }) => void states.push(await snapshot.read()) }; // prettier-ignore
  const seen: number[] = [];
  const callbacks: Callbacks = {
    onStep({ step, learningRate, setLearningRate }) {
      seen.push(learningRate);
      if (step === 2) setLearningRate(0.01);
    },
  };
  const whole = await trained({ epochs: 2, callbacks }, keeper);
  assert.deepEqual(seen, [0.05, 0.05, ...Array<number>(2 * steps - 2).fill(0.01)]);
  assert.deepEqual(whole.run.epochs.map(({ learningRate }) => learningRate), [0.01, 0.01]); // prettier-ignore
  const resumed = await trained({ epochs: 2, callbacks }, { from: states[1]! });
  assert.deepEqual(resumed.weights, whole.weights);
  await assert.rejects(trained({ epochs: 1, callbacks: { onStep: ({ setLearningRate }) => setLearningRate(-1) } }), /a callback sets to be at least 0 but found -1/); // prettier-ignore
});

describe("early stopping", () => {
  // So high a rate that the loss on other samples soon rises.
  const options: TrainOptions = { epochs: 30, optimizer: sgd({ learningRate: 0.4 }), validate: "epoch", test: "end" };
  const stopping = earlyStopping({ on: "validationLoss", patience: 2, restoreBest: true });

  test("ends so many epochs after the best one, tests then, and ends with the best weights", async () => {
    const model = tinyModel();
    const run = await startTraining(model, data, { ...common, ...options, earlyStopping: stopping }).finished;
    assert.equal(run.status, "stopped early");
    const losses = run.epochs.map(({ validationLoss }) => validationLoss!);
    const best = losses.indexOf(Math.min(...losses));
    assert.equal(losses.length, best + 1 + 2);
    assert.equal(run.epochs.at(-1)!.testLoss === null, data.test === null);
    const { loss } = await evaluate(model, data, data.validation);
    assert.ok(Math.abs(loss - losses[best]!) < 1e-6, `${loss} against ${losses[best]}`);
    model.dispose();
  });

  test("stands among callbacks as well", async () => {
    const { run } = await trained({ ...options, callbacks: [stopping] });
    assert.equal(run.status, "stopped early");
  });

  test("a run that was cut short ends at the same epoch with the same weights; one that has ended is read", async (t) => {
    const folder = temporaryFolder(t);
    const record = async (folder: string, until: number | null) => {
      const model = tinyModel();
      const run = await (await recordTraining(model, data, { ...common, ...options, earlyStopping: stopping }, { folder, until })).finished;
      const weights = weightsOf(model);
      model.dispose();
      return { run, weights };
    }; // prettier-ignore
    const whole = await record(`${folder}/a`, null);
    await record(`${folder}/b`, 2);
    const resumed = await record(`${folder}/b`, null);
    assert.deepEqual(resumed.run.epochs.length, whole.run.epochs.length);
    assert.deepEqual(resumed.weights, whole.weights);
    assert.equal(readRunInfo(`${folder}/b`).status, "stopped early");
    const again = await record(`${folder}/b`, null);
    assert.deepEqual([again.run.status, again.weights], ["stopped early", whole.weights]);
  });

  test("on what the run will not have is refused", () => {
    const model = tinyModel();
    const start = (more: TrainOptions) => startTraining(model, data, { ...common, ...more });
    assert.throws(() => start({ earlyStopping: {}, validate: "end" }), /validationLoss to be known after each epoch .*validate "end"/); // prettier-ignore
    assert.throws(() => start({ earlyStopping: {}, callbacks: [stopping] }), /early stopping once but found it twice/);
    model.dispose();
  });
});

describe("what are no callbacks is refused", () => {
  for (const [given, message] of [
    [() => 1, /callbacks to be \{ onStep, onEpoch, onEvaluate \}.* but found a function: pass \{ onEpoch: .* \}/],
    [{ onEpohc: () => 1 }, /did you mean onEpoch\?/],
    [{ onEpoch: 5 }, /callbacks\.onEpoch to be a function but found 5/],
    [[{ onStep: () => 1, every: 0 }], /callbacks\[0\]\.every to be a whole number above 0 but found 0/],
    [{}, /callbacks to have onStep, onEpoch or onEvaluate but found none/],
    [[{ patience: 0, restoreBest: true }], /patience to be a whole number above 0/],
  ] as [unknown, RegExp][])
    test(String(message), () => assert.throws(() => TRAINING.callbacks.kind.read(given as never, "callbacks"), message)); // prettier-ignore
});

test("callbacks are known again by their keys", async (t) => {
  const folder = temporaryFolder(t);
  const record = (key: string) => {
    const onEpoch = keyed(key, () => undefined);
    const run = recordTraining(
      tinyModel(),
      data,
      { ...common, epochs: 2, callbacks: { onEpoch } },
      { folder, until: 1 },
    );
    return run.then(({ finished }) => finished);
  };
  await record("one");
  await record("one");
  await assert.rejects(
    async () => record("two"),
    /callbacks\.0\.onEpoch the function "one", but found the function "two"/,
  );
});
