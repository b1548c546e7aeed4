import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amplify, type AmplifyOptions, group, intelligentStages, stages } from "../../src/amplification";
import { type Dataset, dataset } from "../../src/datasets";
import { STATISTICS, type StatisticName, weightTensors } from "../../src/gradients";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";
import { sgd, startTraining, type TrainOptions } from "../../src/training";
import { ODD_MODELS, type OddModel } from "../support/odd-models";

const ALL = Object.keys(STATISTICS) as StatisticName[];
const odd = (name: string) => ODD_MODELS.find((one) => one.name === name)!;

function dataOf({ inputs }: OddModel): Promise<Dataset> {
  const targets = inputs[0]!.map((_, at) => Math.sin(at));
  const train = inputs.length > 1 ? { several: inputs, targets } : { inputs: inputs[0]!, targets };
  return dataset({ train, classes: null });
}

/** Gradients of every weight, by layer and weight. */
function gradients({ inputs, loss }: OddModel, model: LayersModel): Map<string, number[]> {
  const found = new Map<string, number[]>();
  tf.tidy(() => {
    const x = inputs.map((samples) => tf.tensor(samples));
    const target = tf.zeros([12]);
    const tensors = weightTensors(model);
    const { grads } = tf.variableGrads(
      // Inference mode, in which dropout does nothing.
      () => loss(model.apply(x.length === 1 ? x[0]! : x, { training: false }) as Tensor | Tensor[], target),
      tensors.map(({ variable }) => variable),
    );
    for (const { layer, weight, variable } of tensors) found.set(`${layer}|${weight}`, [...grads[variable.name]!.dataSync()]); // prettier-ignore
  });
  return found;
}

/** By which factor each layer's gradients grow; NaN where no one factor explains it. */
function factors(one: OddModel, options: AmplifyOptions): Record<string, number> {
  const model = one.model();
  const plain = gradients(one, model);
  const amplified = amplify(model, options);
  const larger = gradients(one, model);
  amplified.remove();
  assert.deepEqual(gradients(one, model), plain, "nothing is left of it");
  const byLayer: Record<string, number> = {};
  for (const [name, values] of plain) {
    const layer = name.slice(0, name.lastIndexOf("|"));
    const ratios = values.flatMap((value, at) => (value === 0 ? [] : [larger.get(name)![at]! / value]));
    const [first = 1] = ratios;
    const factor = ratios.every((ratio) => Math.abs(ratio / first - 1) < 1e-3) ? first : Number.NaN;
    byLayer[layer] = layer in byLayer && Math.abs(byLayer[layer]! / factor - 1) > 1e-3 ? Number.NaN : factor;
  }
  return Object.fromEntries(Object.entries(byLayer).map(([layer, factor]) => [layer, Math.round(factor * 1e3) / 1e3]));
}

describe("amplification on odd models", () => {
  test("two inputs: one branch is amplified, the other is not", () => {
    const found = factors(odd("two inputs"), { group: (layer) => layer.name === "from_left", ampFactor: 4 });
    assert.deepEqual(found, { from_left: 4, from_right: 1, head: 1 });
    assert.deepEqual(group(odd("two inputs").model(), "relu").map(({ name }) => name), ["from_left", "from_right"]); // prettier-ignore
  });

  test("several outputs: what lies before the fork gets both", () => {
    const found = factors(odd("several outputs"), { group: (layer) => ["mean", "spread"].includes(layer.name), ampFactor: 2 }); // prettier-ignore
    assert.deepEqual(found, { trunk: 2, mean: 2, spread: 2 });
    const one = factors(odd("several outputs"), { group: (layer) => layer.name === "mean", ampFactor: 2 });
    assert.deepEqual(one, { trunk: Number.NaN, mean: 2, spread: 1 });
  });

  test("a layer used twice counts once, and multiplies at each use", () => {
    const one = odd("a layer used twice");
    assert.deepEqual(group(one.model(), "relu").map(({ name }) => name), ["relu"]); // prettier-ignore
    // Both uses' gradients meet in its weights: those of the second multiplied once, of the first twice.
    assert.deepEqual(factors(one, { group: "relu", ampFactor: 2 }), { shared: Number.NaN, head: 1 });
    assert.deepEqual(factors(one, { group: (layer) => layer.name === "head", ampFactor: 2 }), { shared: 2, head: 2 });
    // Its own parameters only: every use once.
    assert.deepEqual(factors(one, { group: (layer) => layer.name === "shared", ampFactor: 2, scope: "parameters" }), { shared: 2, head: 1 }); // prettier-ignore
  });

  test("an LSTM, and layers that wrap others, are layers like others", () => {
    const one = odd("an LSTM");
    assert.deepEqual(factors(one, { group: (layer) => layer.name === "each", ampFactor: 4 }), { lstm: 4, each: 4, both: 1, head: 1 }); // prettier-ignore
    for (const name of ["lstm", "each", "both"]) {
      const found = factors(one, { group: (layer) => layer.name === name, ampFactor: 4, scope: "parameters" });
      assert.deepEqual(found, { lstm: 1, each: 1, both: 1, head: 1, [name]: 4 });
    }
    // The wrapped dense layer has the activation.
    assert.deepEqual(group(one.model(), "relu").map(({ name }) => name), ["each"]); // prettier-ignore
  });

  test("frozen layers pass on what they multiply, and own nothing to multiply", () => {
    const one = odd("frozen layers");
    assert.deepEqual(factors(one, { group: "relu", ampFactor: 2 }), { first: 2, head: 1 });
    assert.throws(() => amplify(one.model(), { group: "bn", scope: "parameters" }), { name: "RangeError", message: /frozen_bn has none/ }); // prettier-ignore
  });

  test("a model inside a model is entered", () => {
    const one = odd("a model inside a model");
    assert.deepEqual(factors(one, { group: "bn", ampFactor: 2 }), { "encoder/dense": 4, "encoder/bn": 4, "decoder/dense": 2, "decoder/bn": 2, head: 1 }); // prettier-ignore
  });

  test("a custom layer is found by predicate and amplified in either scope", () => {
    const one = odd("a custom layer");
    const custom = (layer: { getClassName(): string }) => layer.getClassName() === "ScaledAbs";
    assert.deepEqual(factors(one, { group: custom, ampFactor: 2 }), { first: 2, scaled_abs: 2, layer_norm: 1, head: 1 }); // prettier-ignore
    assert.deepEqual(factors(one, { group: custom, ampFactor: 2, scope: "parameters" }), { first: 1, scaled_abs: 2, layer_norm: 1, head: 1 }); // prettier-ignore
  });
});

describe("training odd models", () => {
  for (const one of ODD_MODELS) {
    test(`${one.name}: random and intelligent stages, everything measured, no tensors left`, async () => {
      const data = await dataOf(one);
      const model = one.model();
      // Batches that divide the samples: one shape to trace.
      const common: TrainOptions = { batchSize: 4, loss: one.loss, seed: 2, measure: { statistics: ALL } };
      const schedule = [[2, 0.05, 1, 2]] as const; // prettier-ignore
      const plans = [
        intelligentStages({ directionality: "G", sides: "both", threshold: 0.5, schedule }),
        stages(schedule, { group: (layer) => layer.trainableWeights.length > 0, scope: "parameters" }),
      ];
      const layers = [...new Set(weightTensors(model).map(({ layer }) => layer))];
      for (const plan of plans) {
        const run = await startTraining(model, data, { ...common, stages: plan }).finished;
        assert.equal(run.status, "finished");
        assert.ok(run.epochs.every(({ trainLoss }) => Number.isFinite(trainLoss)));
        assert.deepEqual([...new Set(run.selections.map(({ layer }) => layer))], layers, "all with trainable weights");
        assert.ok(run.selections.some(({ selected }) => selected));
        assert.ok(run.gradients.every((row) => Number.isFinite(row.meanAbs) && Number.isFinite(row["rawMeanAbs"])));
        assert.ok(run.outputs.length > 0);
      }
      const before = tf.memory().numTensors;
      await startTraining(model, data, { ...common, stages: plans[0]! }).finished;
      assert.equal(tf.memory().numTensors, before);
    });
  }

  test("frozen weights stay as they are and are not measured", async () => {
    const one = odd("frozen layers");
    const model = one.model();
    const frozen = () => model.getLayer("frozen").weights.map((weight) => [...weight.read().dataSync()]);
    const before = frozen();
    const run = await startTraining(model, await dataOf(one), { epochs: 1, loss: one.loss, amplify: { group: "relu" } }).finished; // prettier-ignore
    assert.deepEqual(frozen(), before);
    assert.deepEqual([...new Set(run.gradients.map(({ layer }) => layer))], ["first", "head"]); // prettier-ignore
  });

  test("a regulariser's penalty is part of loss and gradient, and is not amplified", async () => {
    const one = odd("regularisers");
    const data = await dataOf(one);
    const trained = async (amplified: boolean) => {
      const run = await startTraining(one.model(), data, {
        epochs: 1,
        batchSize: 12,
        // Nothing but the penalty is left.
        loss: (prediction) => tf.mul(tf.sum([prediction].flat()[0]!), 0),
        optimizer: sgd({ learningRate: 0.01, momentum: 0 }),
        amplify: amplified ? { group: (layer) => layer.name === "first", ampFactor: 8 } : null,
      }).finished;
      return run.gradients.map(({ layer, weight, meanAbs }) => [layer, weight, meanAbs]);
    };
    const plain = await trained(false);
    assert.ok(plain.some(([, weight, meanAbs]) => weight === "kernel" && (meanAbs as number) > 0));
    assert.deepEqual(await trained(true), plain);
  });

  test("several outputs with targets for one are refused with the remedy", async () => {
    const one = odd("several outputs");
    const inputs = one.inputs[0]!;
    const data = await dataset({ train: { inputs, targets: inputs.map((_, at) => at % 2) } });
    assert.throws(() => startTraining(one.model(), data), { name: "TypeError", message: /targets for each of 2 outputs.*has 1: pass train: \{ inputs, severalTargets/ }); // prettier-ignore
  });

  test("a model whose inputs the data does not have is refused", async () => {
    const data = await dataOf(odd("several outputs"));
    const one = odd("two inputs");
    assert.throws(() => startTraining(one.model(), data, { loss: one.loss }), { name: "TypeError", message: /right of shape \[2\] is missing/ }); // prettier-ignore
  });
});

test("a layer that shares its weights with one it wraps is considered once, under the first name in forward order", async () => {
  const shared = tf.layers.dense({ units: 3, name: "shared" });
  const input = tf.input({ shape: [4, 3] });
  const first = shared.apply(tf.layers.globalAveragePooling1d({}).apply(input)) as typeof input;
  const wrapped = tf.layers.timeDistributed({ layer: shared, name: "wrapper" }).apply(input) as typeof input;
  const second = tf.layers.globalAveragePooling1d({}).apply(wrapped) as typeof input;
  const sum = tf.layers.add().apply([first, second]) as typeof input;
  const model = tf.model({ inputs: input, outputs: tf.layers.dense({ units: 2, name: "head" }).apply(sum) as typeof input }); // prettier-ignore
  const inputs = Array.from({ length: 12 }, (_, at) => Array.from({ length: 4 }, (__, i) => [Math.sin(at), i, at % 3]));
  const data = await dataset({ train: { inputs, targets: inputs.map((_, at) => at % 2) } });
  const plan = intelligentStages({ directionality: "G", sides: "both", threshold: 0.5, schedule: [[2, 0.01, 1, 2]] });
  const run = await startTraining(model, data, { stages: plan, batchSize: 4 }).finished;
  assert.deepEqual(run.selections.map(({ layer }) => layer), ["wrapper", "head"]); // prettier-ignore
});
