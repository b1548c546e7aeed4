/** Training as one function and op by op: the same rows, gradients and weights to the last bit. */
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { amplify, stages } from "../../src/amplification";
import { readSplit } from "../../src/datasets/streams/read-split";
import { weightTensors } from "../../src/gradients";
import { deriveSeed } from "../../src/layers";
import { vgg08 } from "../../src/models";
import { nativeBackend, tf } from "../../src/tensorflow";
import { adam, evaluate, sgd, startTraining, type TrainOptions } from "../../src/training";
import { lossFunction } from "../../src/training/loss";
import { TrainingProgram } from "../../src/training/program/training-program";
import { assertSameOutcome, outcomeOf } from "../support/both-engines";
import { functionsNamed, graphTest as test } from "../support/graph-test";
import { assertAllSameBits, valuesOf } from "../support/same-bits";
import { smallSamples } from "../support/small-samples";

/** Of 26 samples in batches of six: four whole ones and one of two. */
const STEPS = 5;
const all: TrainOptions["measure"] = {
  statistics: ["gradientFlow", "norms", "health", "weights"],
  reduce: "epoch-mean",
};

/** Fifty steps where they are cheap; the others do them in the long tests. */
const RUNS: [network: string, steps: number, options: () => TrainOptions, augmented?: boolean][] = [
  ["vgg08", 50, () => ({ optimizer: adam() }), true],
  [
    "vgg08",
    50,
    () => ({ amplify: { group: "relu", ampFactor: 2 }, optimizer: sgd({ learningRate: 0.01 }), measure: all }),
  ],
  ["vgg08-bn", 50, () => ({ clipNorm: 0.5, amplify: { group: "bn", ampRatio: 0.5, ampFactor: 4, scope: "parameters" }, optimizer: sgd({ weightDecay: 1e-3 }) })], // prettier-ignore
  ["vgg08-bn", 50, () => ({ stages: stages([[3, 0.1, 0, 1], [6, 0.1, 0.5, 2], [10, 0.01, 0.3, 0.5]], { group: "bn" }) })], // prettier-ignore
  ["vgg08", 10, () => ({ optimizer: tf.train.momentum(0.01, 0.9), measure: null })],
  ["vgg38", 15, () => ({ optimizer: adam({ weightDecay: 1e-3 }) })],
  ["vgg38-rc", 15, () => ({ optimizer: sgd({ momentum: 0 }) })],
  ["vgg38-bn", 10, () => ({ optimizer: adam(), amplify: { group: "bn", ampRatio: 0.3 } })],
  ["vgg38-bn-blocks", 5, () => ({ optimizer: sgd() })],
  ["vgg38-bn-rc", 5, () => ({ optimizer: sgd(), amplify: { group: "first-bn-of-block" } })],
  ["resnet18", 10, () => ({ optimizer: adam(), amplify: { group: "bn+relu", ampRatio: 0.3, ampFactor: 0.5 } })],
  ["resnet50", 5, () => ({ optimizer: sgd({ learningRate: 0.01 }) })],
];

for (const [network, steps, options, augmented = false] of RUNS) {
  const { optimizer, amplify: amplified, stages: staged } = options();
  const what = `${typeof optimizer === "object" && "name" in optimizer ? optimizer.name : optimizer ? "tf.train" : "stages"}${amplified ? ", amplified" : ""}`;
  test(`${network}, ${what}: ${steps} steps are the same on both engines`, async () => {
    const data = await smallSamples(augmented ? { augmentation: { pad: 1, flip: true } } : {});
    const epochs = staged ? {} : { epochs: steps / STEPS };
    const go = (engine: "graph" | "eager") =>
      outcomeOf(network, { width: 4, size: 8 }, data, { ...options(), ...epochs, batchSize: 6, seed: 3, engine });
    assertSameOutcome(await go("graph"), await go("eager"));
    data.dispose();
  });
}

test("vgg19, at the smallest images that it takes: 4 steps are the same on both engines", async () => {
  const data = await smallSamples({ size: 32, train: 14 });
  const options: TrainOptions = { epochs: 1, batchSize: 4, amplify: { group: "bn+relu", ampRatio: 0.3 } };
  const go = (engine: "graph" | "eager") => outcomeOf("vgg19", { width: 4, size: 32 }, data, { ...options, engine });
  assertSameOutcome(await go("graph"), await go("eager"));
  data.dispose();
});

test("a factor that is no power of two gives the same to rounding", async () => {
  const data = await smallSamples();
  const options: TrainOptions = { epochs: 2, batchSize: 6, amplify: { group: "relu", ampFactor: 1.7 }, optimizer: sgd({ learningRate: 1e-3 }) }; // prettier-ignore
  const go = (engine: "graph" | "eager") => outcomeOf("vgg08", { width: 4, size: 8 }, data, { ...options, engine });
  const [found, expected] = [await go("graph"), await go("eager")];
  found.gradients.forEach((row, at) => {
    const [own, other] = [row["meanAbs"] as number, expected.gradients[at]!["meanAbs"] as number];
    assert.ok(Math.abs(own / other - 1) < 1e-4, `${String(row["layer"])}: ${own} beside ${other}`);
  });
  data.dispose();
});

test("a run that is stopped has the weights of exactly the steps that it says", async () => {
  const data = await smallSamples({ train: 600 });
  const build = () => vgg08({ classes: 3, width: 8, inputShape: [8, 8, 3], batchNorm: true });
  const options: TrainOptions = { epochs: 1, batchSize: 6, measure: null, optimizer: adam() };
  const model = build();
  const run = startTraining(model, data, options);
  let told = 0;
  run.on("progress", ({ step }) => {
    told = step;
    if (step >= 10) run.stop();
  });
  await run.finished;
  assert.equal(run.status, "interrupted");
  assert.ok(told >= 10 && told < 100, `${told} steps`);
  const other = build();
  const state = programOf(other, data);
  const outcome = await state.program.trainEpoch({
    ...state.job,
    stepRanges: () => [{ first: 0, last: told, measurements: [] }],
  });
  assert.equal(outcome.steps, told);
  assertAllSameBits(valuesOf(model.getWeights()), valuesOf(other.getWeights()), "weight");
  state.dispose();
  model.dispose();
  other.dispose();
  data.dispose();
});

/** A program and the job of its first epoch, as a run with seed 0 would have them. */
function programOf(model: ReturnType<typeof vgg08>, data: Awaited<ReturnType<typeof smallSamples>>) {
  const variables = weightTensors(model).map(({ variable }) => variable);
  const optimizer = adam().start(variables);
  const context = { model, variables, optimizer, clipNorm: null, lossFunction: lossFunction(model, "crossEntropy") };
  const options = { engine: "graph", precision: "float32", seed: 0 } as const;
  const program = new TrainingProgram(context, data, 6, options);
  const epoch = { seed: deriveSeed(0, "data"), epoch: 1, augmentation: data.augmentation };
  const job = {
    read: () => readSplit(data.train, { batchSize: 6, classes: 3, epoch }),
    ...{
      learningRates: (first: number, last: number) => new Float64Array(last - first).fill(1e-3),
      optimizerSteps: 0,
      steps: 0,
      onStep: () => undefined,
      shouldStop: () => false,
    },
  };
  const dispose = () => {
    program.dispose();
    optimizer.dispose();
  };
  return { program, job, dispose };
}

test("reselections leave memory flat: amplify, train, dispose", async () => {
  const data = await smallSamples({ train: 6 });
  const model = vgg08({ classes: 3, width: 4, inputShape: [8, 8, 3], batchNorm: true });
  const reselect = async (seed: number) => {
    const amplified = amplify(model, { group: "bn", ampRatio: 0.5, seed });
    const { program, job, dispose } = programOf(model, data);
    await program.trainEpoch({ ...job, stepRanges: () => [{ first: 0, last: 1, measurements: [] }] });
    dispose();
    amplified.remove();
    return tf.memory().numTensors;
  };
  const before = tf.memory().numTensors;
  for (let seed = 0; seed < 6; seed++) assert.equal(await reselect(seed), before);
  assert.deepEqual(["train", "train_body", "train_condition"].map(functionsNamed), [0, 0, 0]);
  model.dispose();
  data.dispose();
});

test("the process answers while it trains, and evaluation waits its turn", async () => {
  const data = await smallSamples({ train: 300 });
  const model = vgg08({ classes: 3, width: 16, inputShape: [8, 8, 3] });
  const run = startTraining(model, data, { epochs: 2, batchSize: 60, measure: null });
  let turns = 0;
  const ticking = (async () => {
    for (; run.status === "running"; turns++) await setTimeout(1);
  })();
  const score = await evaluate(model, data, data.validation);
  assert.ok(Number.isFinite(score.loss));
  await run.finished;
  await ticking;
  assert.equal(run.status, "finished");
  assert.ok(turns > 5, `${turns} turns`);
  model.dispose();
  data.dispose();
});

test("engines and precisions that are not available are refused before any work", async () => {
  const data = await smallSamples();
  const model = vgg08({ classes: 3, width: 4, inputShape: [8, 8, 3] });
  const onGpu = nativeBackend()?.isUsingGpuDevice === true;
  const rows: [options: object, message: RegExp][] = [
    [{ engine: "fast" }, /engine to be "graph" or "eager" but found "fast"/],
    [{ precision: "half" }, /precision to be "float32", "tf32" or "bfloat16" but found "half"/],
    ...(onGpu ? [] : [[{ precision: "tf32" }, /a GPU for precision "tf32" but found none/] as [object, RegExp]]),
    [{ engine: "eager", precision: "bfloat16" }, /precision "float32" where steps run op by op but found "bfloat16"/],
  ];
  for (const [options, message] of rows)
    assert.throws(() => startTraining(model, data, options), { name: "RangeError", message });
  const run = startTraining(model, data, { epochs: 1, measure: null });
  assert.deepEqual([run.options["engine"], run.options["precision"]], ["graph", "float32"]);
  await run.finished;
  model.dispose();
  data.dispose();
});
