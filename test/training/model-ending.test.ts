import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset } from "../../src/datasets";
import { type LayersModel, type layers, type SymbolicTensor, type Tensor, tf } from "../../src/tensorflow";
import { evaluate, sgd, startTraining } from "../../src/training";
import { modelEnding } from "../../src/training/model-ending";
import { symmetric } from "../support/deterministic";

const L = tf.layers;
let seed = 0;
const dense = (units: number, rest: object = {}) =>
  L.dense({
    units,
    kernelInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: ++seed }),
    ...rest,
  });
const chain = (...parts: (layers.Layer | LayersModel)[]) => tf.sequential({ layers: parts as layers.Layer[] });
const from = (...shape: number[]) => ({ inputShape: shape });
const base = () => chain(dense(5, { activation: "relu", ...from(6) }));
const softmax = { activation: "softmax" };

/** A layer of one's own, whose output may be anything. */
class Cubed extends L.Layer {
  static className = "Cubed";
  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.pow([inputs].flat()[0]!, 3);
  }
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
}

function branches(join: layers.Layer, ...heads: layers.Layer[]): LayersModel {
  const input = tf.input({ shape: [6] });
  const outputs = join.apply(heads.map((head) => head.apply(input) as SymbolicTensor)) as SymbolicTensor;
  return tf.model({ inputs: input, outputs });
}

/** A model of a few passing layers around its input, and one that is applied to a softmax. */
function passing(): LayersModel {
  const head = chain(L.dropout({ rate: 0.5, ...from(3) }), L.reshape({ targetShape: [3] }));
  return chain(base(), dense(3, softmax), head);
}

function second(): LayersModel {
  const input = tf.input({ shape: [5] });
  const outputs = [dense(3), dense(3, softmax)].map((layer) => layer.apply(input) as SymbolicTensor);
  const both = tf.model({ inputs: input, outputs });
  const outer = tf.input({ shape: [6] });
  const [, right] = both.apply(base().apply(outer) as SymbolicTensor) as unknown as SymbolicTensor[];
  return tf.model({ inputs: outer, outputs: right! });
}

const pictures = () => L.reshape({ targetShape: [1, 2, 3], ...from(6) });
const steps = () => L.reshape({ targetShape: [1, 6], ...from(6) });
const bidirectional = (layer: layers.Layer, mergeMode: string) =>
  L.bidirectional({ layer: layer as never, mergeMode: mergeMode as never });

const models: [string, () => LayersModel, string, RegExp | null][] = [
  ["a plain dense layer", () => chain(base(), dense(3)), "logits", null],
  ["relu", () => chain(base(), dense(3, { activation: "relu" })), "logits", null],
  ["batch norm after a softmax", () => chain(base(), dense(3, softmax), L.batchNormalization()), "logits", null],
  ["an activation", () => chain(base(), dense(3, softmax)), "softmax", null],
  ["a softmax layer", () => chain(base(), dense(3), L.softmax({ axis: -1 })), "softmax", null],
  ["an activation layer", () => chain(base(), dense(3), L.activation(softmax as never)), "softmax", null],
  ["linear behind it", () => chain(base(), dense(3, softmax), L.activation({ activation: "linear" })), "softmax", null],
  ["a nested head", () => chain(base(), chain(dense(3, { ...softmax, ...from(5) }))), "softmax", null],
  ["a head in a head", () => chain(base(), chain(chain(dense(3, { ...softmax, ...from(5) })))), "softmax", null],
  ["the second output of a nested model", second, "softmax", null],
  ["a nested head without", () => chain(base(), chain(dense(3, from(5)))), "logits", null],
  ["dropout behind", () => chain(base(), dense(3, softmax), L.dropout({ rate: 0.5 })), "probabilities", null],
  ["a nested model of dropout and reshape behind", passing, "probabilities", null],
  [
    "each step's, flattened",
    () => chain(steps(), L.timeDistributed({ layer: dense(3, softmax) }), L.flatten()),
    "softmax",
    null,
  ],
  [
    "an activation layer for each step",
    () => chain(steps(), dense(3), L.timeDistributed({ layer: L.activation(softmax as never) }), L.flatten()),
    "softmax",
    null,
  ],
  [
    "a wrapped model",
    () =>
      chain(steps(), L.timeDistributed({ layer: chain(dense(3, { ...softmax, ...from(6) })) as never }), L.flatten()),
    "softmax",
    null,
  ],
  [
    "a convolution's, averaged over places",
    () => chain(pictures(), L.conv2d({ filters: 3, kernelSize: 1, ...softmax } as never), L.globalAveragePooling2d({})),
    "softmax",
    null,
  ],
  ["an RNN's", () => chain(steps(), L.simpleRNN({ units: 3, ...softmax } as never)), "softmax", null],
  [
    "both directions, averaged",
    () => chain(steps(), bidirectional(L.simpleRNN({ units: 3, ...softmax } as never), "ave")),
    "softmax",
    null,
  ],
  [
    "both directions, summed",
    () => chain(steps(), bidirectional(L.simpleRNN({ units: 3, ...softmax } as never), "sum")),
    "probabilities",
    /both directions of .* need not sum to 1/,
  ],
  ["an LSTM", () => chain(steps(), L.lstm({ units: 3 })), "logits", null],
  [
    "an LSTM's softmax",
    () => chain(steps(), L.lstm({ units: 3, ...softmax } as never)),
    "probabilities",
    /gates its softmax/,
  ],
  ["branches, averaged", () => branches(L.average(), dense(3, softmax), dense(3, softmax)), "softmax", null],
  ["branches, added", () => branches(L.add(), dense(3, softmax), dense(3, softmax)), "probabilities", /joins/],
  ["branches of logits, added", () => branches(L.add(), dense(3), dense(3)), "logits", null],
  [
    "a sigmoid",
    () => chain(base(), dense(3, { activation: "sigmoid" })),
    "probabilities",
    /sigmoid and need not sum to 1/,
  ],
  [
    "a sigmoid in a nested head",
    () => chain(base(), chain(dense(3, { activation: "hardSigmoid", ...from(5) }))),
    "probabilities",
    /end in a sigmoid/,
  ],
  [
    "several softmaxes in a row",
    () => chain(L.reshape({ targetShape: [2, 3], ...from(6) }), L.softmax({ axis: -1 }), L.flatten(), dense(3)),
    "logits",
    null,
  ],
  [
    "a layer of one's own",
    () => chain(base(), dense(3), new Cubed({})),
    "unknown",
    /outputs of layer .* \(Cubed\) as logits/,
  ],
  ["a layer of one's own, then dense", () => chain(base(), new Cubed({}), dense(3)), "logits", null],
];

/** −log(p/Σp) of each sample's class, mean; p from the outputs as the kind says. */
function naive(outputs: number[][], labels: number[], kind: string): number {
  const losses = outputs.map((row, at) => {
    const numbers = kind === "logits" || kind === "unknown" ? row.map(Math.exp) : row;
    return -Math.log(numbers[labels[at]!]! / numbers.reduce((sum, value) => sum + value, 0));
  });
  return losses.reduce((sum, value) => sum + value, 0) / losses.length;
}

describe("cross-entropy finds what a model ends in", () => {
  for (const [what, build, kind, warning] of models)
    test(`${what}: ${kind}`, async () => {
      const model = build();
      const found = modelEnding(model);
      assert.equal(found.kind, kind);
      if (warning) assert.match(found.warning!, warning);
      else assert.equal(found.warning, null);
      const [features] = model.inputs[0]!.shape.slice(1) as [number];
      const values = Float32Array.from(symmetric("ending", 8 * features, 1));
      const labels = [0, 1, 2, 0, 1, 2, 0, 1];
      const data = await dataset({ train: { inputs: { values, sampleShape: [features] }, targets: labels } });
      const outputs = (model.predict(tf.tensor(values, [8, features])) as Tensor).arraySync() as number[][];
      const { loss } = await evaluate(model, data, data.train);
      assert.ok(Math.abs(loss / naive(outputs, labels, kind) - 1) < 1e-5, `${loss} ${naive(outputs, labels, kind)}`);
      const run = startTraining(model, data, { epochs: 1, measure: null, optimizer: sgd({ learningRate: 1e-9 }) });
      const told: string[] = [];
      run.on("warning", (text) => told.push(text));
      await run.finished.catch(() => undefined);
      assert.deepEqual(told, warning ? [found.warning] : []);
      data.dispose();
    });

  test("dropout behind a softmax that drops every class leaves a finite loss", async () => {
    const model = chain(base(), dense(3, softmax), L.dropout({ rate: 0.9 }));
    const inputs = { values: Float32Array.from(symmetric("dropped", 64 * 6, 1)), sampleShape: [6] };
    const data = await dataset({ train: { inputs, targets: Array.from({ length: 64 }, (_, at) => at % 3) } });
    const run = await startTraining(model, data, { epochs: 2, batchSize: 64 }).finished;
    assert.ok(run.epochs.every(({ trainLoss }) => Number.isFinite(trainLoss)));
    data.dispose();
  });
});
