import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Dataset, dataset } from "../../src/datasets";
import type { EngineName } from "../../src/graph";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";
import { sgd, startTraining, type TrainOptions } from "../../src/training";
import { symmetric } from "../support/deterministic";

type Args = Parameters<typeof tf.layers.dense>[0];

/** A constraint of one's own: whole multiples of 1/8. */
const Stock = Object.getPrototypeOf(tf.constraints.nonNeg().constructor) as new () => ReturnType<typeof tf.constraints.nonNeg>; // prettier-ignore
class Eighths extends Stock {
  static readonly className = "Eighths";
  override apply(weights: Tensor): Tensor {
    return tf.tidy(() => weights.mul(8).round().div(8));
  }
}

function data(): Promise<Dataset> {
  const values = Float32Array.from(symmetric("constrained", 12 * 4, 2));
  return dataset({ train: { inputs: { values, sampleShape: [4] }, targets: Array.from({ length: 12 }, (_, at) => at % 3) } }); // prettier-ignore
}

const seeded = (seed: number) => tf.initializers.randomUniform({ minval: -1, maxval: 1, seed });

function model(constraint: Args["kernelConstraint"]): LayersModel {
  const rest: Partial<Args> = constraint ? { kernelConstraint: constraint, biasConstraint: constraint } : {};
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, inputShape: [4], activation: "tanh", kernelInitializer: seeded(1), ...rest }),
      tf.layers.dense({ units: 3, kernelInitializer: seeded(2), ...rest }),
    ],
  });
}

async function trained(built: LayersModel, options: TrainOptions): Promise<number[][][]> {
  const samples = await data();
  await startTraining(built, samples, { epochs: 1, batchSize: 12, measure: null, ...options }).finished;
  samples.dispose();
  return built.getWeights().map((weight) => weight.arraySync() as number[][]);
}

const every: [string, () => Exclude<Args["kernelConstraint"], string | undefined>][] = [
  ["maxNorm", () => tf.constraints.maxNorm({ maxValue: 0.4, axis: 0 })],
  ["minMaxNorm", () => tf.constraints.minMaxNorm({ minValue: 0.8, maxValue: 1, rate: 0.5, axis: 0 })],
  ["nonNeg", () => tf.constraints.nonNeg()],
  ["unitNorm", () => tf.constraints.unitNorm({ axis: 0 })],
  ["one of one's own", () => new Eighths()],
];

describe("weight constraints are applied after each update", () => {
  for (const engine of ["graph", "eager"] as EngineName[])
    for (const [name, make] of every)
      for (const amplify of [null, { group: () => true, ampFactor: 3 }])
        test(`${name}, ${engine}${amplify ? ", amplified" : ""}: one step, then the constraint`, async () => {
          const options = { engine, amplify, optimizer: sgd({ learningRate: 0.5, momentum: 0 }) };
          const free = await trained(model(undefined), options);
          const held = await trained(model(make()), options);
          // An update without the constraint, and the constraint on what came of it.
          const expected = free.map((weight) => make().apply(tf.tensor(weight)).arraySync());
          assert.deepEqual(held, expected);
          assert.notDeepEqual(held, free);
        });

  test("every step of every epoch, both engines to the bit, whatever the optimizer", async () => {
    for (const optimizer of [() => sgd({ learningRate: 1 }), () => tf.train.adam(0.1)]) {
      const options = { epochs: 3, batchSize: 5 };
      const weights = await trained(model("maxNorm"), { ...options, engine: "graph", optimizer: optimizer() });
      assert.deepEqual(
        await trained(model("maxNorm"), { ...options, engine: "eager", optimizer: optimizer() }),
        weights,
      );
      const built = model(tf.constraints.nonNeg());
      const positive = await trained(built, { ...options, optimizer: optimizer() });
      assert.ok(positive.flat(3).every((value) => value >= 0));
    }
  });

  test("frozen weights and those of layers without constraints stay as they are", async () => {
    const built = model("nonNeg");
    built.layers[0]!.trainable = false;
    const [kernel] = built.layers[0]!.getWeights();
    const before = kernel!.arraySync();
    await trained(built, {});
    assert.deepEqual(built.layers[0]!.getWeights()[0]!.arraySync(), before);
    assert.ok((before as number[][]).flat().some((value) => value < 0));
  });

  test("layers of every kind, nested and wrapped, hold what they demand", async () => {
    const nonNeg = "nonNeg";
    const built = tf.sequential({
      layers: [
        tf.layers.reshape({ targetShape: [2, 2], inputShape: [4] }),
        tf.layers.bidirectional({
          layer: tf.layers.lstm({ units: 3, returnSequences: true, kernelConstraint: nonNeg, recurrentConstraint: nonNeg, biasConstraint: nonNeg }) as never, // prettier-ignore
          mergeMode: "concat",
        }),
        tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 4, kernelConstraint: nonNeg }) }),
        tf.layers.conv1d({ filters: 4, kernelSize: 1, kernelConstraint: nonNeg, biasConstraint: nonNeg }),
        tf.layers.batchNormalization({ gammaConstraint: nonNeg, betaConstraint: nonNeg }),
        tf.sequential({ layers: [tf.layers.dense({ units: 4, kernelConstraint: nonNeg, inputShape: [2, 4] })] }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3, kernelConstraint: nonNeg }),
      ],
    });
    await trained(built, { epochs: 2, batchSize: 4, optimizer: sgd({ learningRate: 0.3 }) });
    const free = built.trainableWeights.filter((weight) => !(weight as unknown as { constraint: unknown }).constraint);
    const held = built.trainableWeights.filter((weight) => !free.includes(weight));
    assert.equal(held.length, 6 + 1 + 2 + 2 + 1 + 1);
    for (const weight of held) assert.ok(weight.read().min().dataSync()[0]! >= 0, weight.originalName);
    assert.ok(free.some((weight) => weight.read().min().dataSync()[0]! < 0));
  });

  test("a run that is taken up ends with the weights of one that never stopped", async () => {
    const build = () => model(tf.constraints.minMaxNorm({ minValue: 0.8, maxValue: 1, rate: 0.5, axis: 0 }));
    const options = { epochs: 3, batchSize: 5, optimizer: sgd({ learningRate: 0.5 }) };
    const whole = await trained(build(), options);
    const samples = await data();
    const saved: unknown[] = [];
    await startTraining(build(), samples, options, {
      async onSnapshot(snapshot) {
        if (snapshot.epoch === 1) saved.push(await snapshot.read());
      },
    }).finished;
    const again = build();
    await startTraining(again, samples, options, { from: saved[0] as never }).finished;
    assert.deepEqual(again.getWeights().map((weight) => weight.arraySync()), whole); // prettier-ignore
    samples.dispose();
  });
});
