/** Rates that change with each step: in both engines, beside amplified stages, and taken up again to the bit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { embedded } from "../../src/datasets";
import { vgg08 } from "../../src/models";
import { ratesOfSteps, stages, strategy, type TrainOptions } from "../../src/spec";
import { adamw, cosine, oneCycle, sgd, startTraining, type TrainingState, warmUp } from "../../src/training";

const data = () => embedded({ train: 50, validation: 10, test: 10, classes: 10 });
const model = () => vgg08({ classes: 10, width: 4, batchNorm: true });
const common: TrainOptions = { batchSize: 20, measure: null, test: "never" };

async function trained(options: TrainOptions, keeper = {}) {
  const [network, set] = [model(), data()];
  const run = await startTraining(network, set, { ...common, ...options }, keeper).finished;
  const weights = await Promise.all(network.getWeights().map(async (weight) => [...(await weight.data())]));
  network.dispose();
  set.dispose();
  return { run, weights };
}

for (const [name, optimizer] of [
  ["one cycle", () => sgd({ learningRate: oneCycle(0.1) })],
  ["warm-up and cosine", () => adamw({ learningRate: warmUp(cosine(1e-2, { per: "step" }), { steps: 4 }) })],
  ["a function", () => sgd({ learningRate: ({ step }) => 0.1 / step })],
] as const)
  test(`${name}: both engines learn the same, and a run goes on to the bit`, async () => {
    const states: TrainingState[] = [];
    const keeper = { onSnapshot: async (snapshot: { read(): Promise<TrainingState> }) => void states.push(await snapshot.read()) }; // prettier-ignore
    const graph = await trained({ epochs: 3, optimizer: optimizer(), engine: "graph" }, keeper);
    const eager = await trained({ epochs: 3, optimizer: optimizer(), engine: "eager" });
    assert.deepEqual(eager.weights, graph.weights);
    const resumed = await trained({ epochs: 3, optimizer: optimizer() }, { from: states[1]! });
    assert.deepEqual(resumed.weights, graph.weights);
    const last = ratesOfSteps(optimizer().learningRate, {
      epoch: 3,
      epochs: 3,
      first: (3 - 1) * 3,
      count: 3,
      stepsPerEpoch: 3,
    }).at(-1);
    assert.equal(graph.run.epochs.at(-1)!.learningRate, last);
  });

test("stages without rates amplify, and the optimizer's schedule says the rate", async () => {
  const plan = stages([[1, 0, 1], [3, 1, 4]], { group: "bn" }); // prettier-ignore
  const rate = cosine(0.1, { per: "step" });
  const { run } = await trained({ stages: plan, optimizer: sgd({ learningRate: rate }) });
  const rateOf = (epoch: number) =>
    ratesOfSteps(rate, { epoch: epoch, epochs: 3, first: (epoch - 1) * 3, count: 3, stepsPerEpoch: 3 });
  assert.deepEqual(run.epochs.map(({ learningRate }) => learningRate), [1, 2, 3].map((epoch) => rateOf(epoch).at(-1))); // prettier-ignore
  assert.deepEqual(run.epochs.map(({ amplifiedLayers }) => amplifiedLayers > 0), [false, true, true]); // prettier-ignore
  assert.deepEqual(run.stages.map(({ learningRate }) => learningRate), [1, 2].map((epoch) => rateOf(epoch)[0])); // prettier-ignore
  assert.deepEqual((run.options["optimizer"] as { learningRate: unknown }).learningRate, { cosine: 0.1, min: 0, per: "step" }); // prettier-ignore
});

test("a paper's strategy leaves its rates out where it is told to", () => {
  const plan = strategy("S1_0.7", { group: "bn", rates: "optimizer" });
  assert.deepEqual(plan.stages.map(({ learningRate, ampRatio }) => [learningRate, ampRatio]), [[null, 0], [null, 0.7], [null, 0], [null, 0]]); // prettier-ignore
  assert.throws(
    () => strategy("S1_0.7", { group: "bn", rates: "none" as never }),
    /rates to be "stages" or "optimizer"/,
  );
});

test("two rates, or a rate in some stages only, are refused", () => {
  const [network, set] = [model(), data()];
  const start = (options: TrainOptions) => startTraining(network, set, options);
  assert.throws(() => start({ stages: stages([[2, 0.1, 1, 2]], { group: "bn" }), optimizer: sgd({ learningRate: 0.1 }) }), {
    name: "TypeError",
    message: /stages or a learning rate but found both .*rates: "optimizer"/,
  }); // prettier-ignore
  assert.throws(() => stages([[2, 0.1, 1, 2], [3, 1, 2]], { group: "bn" }), /in all stages or in none but found none in stage 2/); // prettier-ignore
  assert.throws(() => start({ epochs: 2, batchSize: 10, optimizer: sgd({ learningRate: ({ step }) => 4 - step }) }), /rate of step 5 .*at least 0 but found -1/); // prettier-ignore
  network.dispose();
  set.dispose();
});
