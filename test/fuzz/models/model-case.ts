import { runInThisContext } from "node:vm";
import * as ga from "../../../src/index";
import type { layers, LayersModel, Tensor } from "../../../src/tensorflow";
import { symmetric } from "../../support/deterministic";
import type { Draws } from "../draws";
import { own } from "./own-pieces";

/** What a case is held to beside op by op: the same bits while all is measured, bfloat16 within its bound, plain float64. */
export type Check = "statistics" | "bfloat16" | "float64";

/** A model and how it is trained, as pieces of JavaScript. */
export interface ModelCase {
  readonly input: readonly number[];
  /** How many different whole numbers the input is made of; null for any numbers. */
  readonly vocabulary: number | null;
  /** Functions of a symbolic value, in a row; those before are `values`. */
  readonly layers: readonly string[];
  /** The last layer. */
  readonly head: string;
  /** Fields of `ga.train`'s options. */
  readonly options: readonly string[];
  readonly samples: number;
  readonly checks: readonly Check[];
  /** Whether what each layer puts out is rounded to bfloat16. */
  readonly isShortened?: boolean;
}

const ACTIVATIONS = ["relu", "relu6", "elu", "selu", "tanh", "sigmoid", "softplus", "softsign", "linear", "swish", "hardSigmoid", "softmax"]; // prettier-ignore
const HEADS = ["dense({ units: 3 })", "dense({ units: 3 })", "dense({ units: 3 })", 'dense({ units: 3, activation: "softmax" })', 'dense({ units: 3, activation: "sigmoid" })']; // prettier-ignore

/** Layers for images, for vectors and for sequences. */
function layerFor(draws: Draws, rank: number): string {
  const activation = () => `activation: "${draws.pick(ACTIVATIONS)}"`;
  const regular = () => draws.pick(["", "", "", ", kernelRegularizer: tf.regularizers.l2({ l2: 0.01 })", ", kernelRegularizer: tf.regularizers.l1l2({ l1: 0.001, l2: 0.01 })", ", biasRegularizer: tf.regularizers.l1({ l1: 0.01 })"]); // prettier-ignore
  const bound = () => draws.pick(["", "", "", "", ", kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5, axis: 0 })", ", kernelConstraint: tf.constraints.nonNeg()", ", kernelConstraint: tf.constraints.unitNorm({ axis: 0 })"]); // prettier-ignore
  const frozen = () => (draws.chance(0.1) ? ", trainable: false" : "");
  const any = [
    "batchNormalization({})",
    `batchNormalization({ scale: ${draws.chance(0.5)}, center: ${draws.chance(0.5)}, momentum: 0.9${frozen()} })`,
    "reLU()",
    "reLU({ maxValue: 1 })",
    "leakyReLU({ alpha: 0.1 })",
    "prelu({})",
    "elu()",
    "thresholdedReLU({ theta: 0.1 })",
    "softmax({})",
    "dropout({ rate: 0.3 })",
    "layerNormalization({})",
    `activation({ ${activation()} })`,
    "gaussianNoise({ stddev: 0.1 })",
    "gaussianDropout({ rate: 0.2 })",
    "alphaDropout({ rate: 0.2 })",
    "CURVE",
  ];
  const images = [
    `conv2d({ filters: ${draws.pick([1, 4, 16])}, kernelSize: ${draws.pick([1, 2, 3])}, strides: ${draws.pick([1, 1, 2])}, padding: "${draws.pick(["same", "same", "valid"])}", useBias: ${draws.chance(0.7)}, ${activation()}${regular()}${bound()}${frozen()} })`,
    `conv2d({ filters: 16, kernelSize: 3, padding: "same", ${activation()} })`,
    `conv2d({ filters: 2, kernelSize: [${draws.pick([1, 3])}, ${draws.pick([1, 2])}], dilationRate: 1, strides: [${draws.pick([1, 2])}, 1] })`,
    `depthwiseConv2d({ kernelSize: 3, depthMultiplier: ${draws.pick([1, 2])}, padding: "same", ${activation()} })`,
    `separableConv2d({ filters: 4, kernelSize: 3, padding: "same", ${activation()} })`,
    `conv2dTranspose({ filters: 3, kernelSize: ${draws.pick([2, 3])}, strides: ${draws.pick([1, 2])}, padding: "same", ${activation()} })`,
    `maxPooling2d({ poolSize: ${draws.pick([2, 3])}, strides: ${draws.pick([1, 2])}, padding: "same" })`,
    `averagePooling2d({ poolSize: ${draws.pick([2, 3])}, strides: ${draws.pick([1, 2])}, padding: "same" })`,
    "upSampling2d({ size: [2, 1] })",
    "zeroPadding2d({ padding: 1 })",
    "cropping2D({ cropping: [[1, 0], [0, 1]] })",
    "globalAveragePooling2d({})",
    "globalMaxPooling2d({})",
    "permute({ dims: [2, 1, 3] })",
    "flatten()",
  ];
  const vectors = [
    `dense({ units: ${draws.pick([1, 5, 16])}, ${activation()}${regular()}${bound()}${frozen()} })`,
    `dense({ units: 4, useBias: false, ${activation()}${regular()} })`,
    "reshape({ targetShape: [-1, 1] })",
    "repeatVector({ n: 2 })",
  ];
  const sequences = [
    `conv1d({ filters: 4, kernelSize: 3, strides: ${draws.pick([1, 2])}, padding: "same", ${activation()} })`,
    `lstm({ units: 3, returnSequences: ${draws.chance(0.5)}${regular()} })`,
    `gru({ units: 3, returnSequences: ${draws.chance(0.5)} })`,
    `simpleRNN({ units: 3, returnSequences: true${bound()} })`,
    `rnn({ cell: tf.layers.stackedRNNCells({ cells: [tf.layers.gruCell({ units: 2 }), tf.layers.lstmCell({ units: 3 })] }), returnSequences: true })`,
    `bidirectional({ layer: tf.layers.${draws.pick(["lstm", "gru"])}({ units: 2, returnSequences: ${draws.chance(0.5)} }), mergeMode: "${draws.pick(["concat", "sum", "ave", "mul"])}" })`,
    `timeDistributed({ layer: tf.layers.dense({ units: 3, ${activation()} }) })`,
    `dense({ units: 3, ${activation()} })`,
    `spatialDropout1d({ rate: 0.3 })`,
    `maxPooling1d({ poolSize: 2, strides: ${draws.pick([1, 2])}, padding: "same" })`,
    `averagePooling1d({ poolSize: 2, strides: 1, padding: "same" })`,
    "masking({ maskValue: 0 })",
    "permute({ dims: [2, 1] })",
    "globalAveragePooling1d({})",
    "globalMaxPooling1d({})",
    "flatten()",
  ];
  const fitting = rank === 3 ? images : rank === 1 ? vectors : rank === 2 ? sequences : ["flatten()"];
  const chosen = draws.pick(draws.chance(0.6) ? fitting : any);
  return `(x) => ${chosen === "CURVE" ? "own.curve()" : `tf.layers.${chosen}`}.apply(x)`;
}

/** Layers in models in models, layers used twice, and branches that are joined. */
function structure(draws: Draws): string {
  const shared = "const size = x.shape.at(-1);";
  const nested = "const inside = (shape, make) => { const input = tf.input({ shape }); return tf.model({ inputs: input, outputs: make(input) }); };"; // prettier-ignore
  const join = draws.pick(["add()", "average()", "maximum()", "multiply()", "minimum()"]);
  return draws.pick([
    `(x) => { const same = values.filter((each) => String(each.shape) === String(x.shape)); return same.length > 1 ? tf.layers.add().apply([x, same[0]]) : tf.layers.concatenate().apply([x, x]); }`,
    `(x) => tf.layers.${join}.apply([x, tf.layers.activation({ activation: "tanh" }).apply(x)])`,
    `(x) => { ${shared} const layer = tf.layers.dense({ units: size, activation: "tanh" }); return layer.apply(layer.apply(x)); }`,
    `(x) => { ${nested} ${shared} const inner = inside(x.shape.slice(1), (y) => tf.layers.dense({ units: size, activation: "relu" }).apply(y)); return inner.apply(x); }`,
    `(x) => { ${nested} ${shared} const shape = x.shape.slice(1); const first = inside(shape, (y) => tf.layers.batchNormalization({}).apply(tf.layers.dense({ units: size }).apply(y))); const second = inside(shape, (y) => tf.layers.reLU().apply(first.apply(y))); return inside(shape, (y) => tf.layers.add().apply([second.apply(y), y])).apply(x); }`,
    `(x) => { ${nested} ${shared} const inner = inside(x.shape.slice(1), (y) => tf.layers.dense({ units: size, activation: "sigmoid", kernelConstraint: tf.constraints.nonNeg() }).apply(y)); return inner.apply(inner.apply(x)); }`,
    `(x) => { const shape = x.shape.slice(1); const inner = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: shape, activation: "elu" }), tf.layers.dropout({ rate: 0.2 })] }); return inner.apply(x); }`,
  ]);
}

/** What plain float64 arithmetic does not know, or cannot: other random numbers, gates, what bounds weights. */
const NOT_PLAIN =
  /dropout|noise|thresholded|lstm|gru|rnn|masking|curve|constraint|softmax|hardSigmoid|Transpose|maximum\(|minimum\(|rmsprop|adagrad|adamax|weightDecay|distances|trainable|sigmoid" \}\)$|ampRatio: 0/i;

/** Draws a case; layers that do not fit are left out when the model is built. */
export function drawModelCase(draws: Draws): ModelCase {
  const isText = draws.chance(0.1);
  const input = isText ? [5] : draws.pick([[8, 8, 3], [8, 8, 16], [5, 7, 1], [1, 1, 2], [4, 6, 2], [6], [1], [9, 2], [4, 1]]); // prettier-ignore
  const vocabulary = isText ? 7 : null;
  let layers: string[] = isText ? ["(x) => tf.layers.embedding({ inputDim: 7, outputDim: 4 }).apply(x)"] : [];
  const isPlain = draws.chance(0.5);
  const fits = (code: string) => !isPlain || !NOT_PLAIN.test(code);
  const head = draws.pick(HEADS.filter(fits));
  const count = draws.pick([1, 3, 6, 10]);
  const caseOf = (these: readonly string[]): ModelCase => ({ input, vocabulary, layers: these, head, options: [], samples: 1, checks: [] }); // prettier-ignore
  for (let tries = 0; layers.length < count && tries < 5 * count; tries++) {
    const before = modelOf(caseOf(layers), false);
    const rank = before.outputs[0]!.shape.length - 1;
    before.dispose();
    const code = draws.chance(0.25) ? structure(draws) : layerFor(draws, rank);
    if (!fits(code)) continue;
    try {
      const next = modelOf(caseOf([...layers, code]));
      // What goes into hundreds of thousands of numbers takes long and shows no more.
      const isSmall = next.layers.every(({ outputShape }) => (outputShape as number[]).slice(1).reduce((a, b) => a * b, 1) <= 5000); // prettier-ignore
      next.dispose();
      if (isSmall) layers = [...layers, code];
    } catch {
      // It does not fit behind what there is.
    }
  }
  const factor = draws.chance(0.5) ? draws.pick([2, 0.5, 4, 64]) : draws.pick([3, 1.5, 0.3, 10, 100, 1.0001]);
  const options = [
    draws.pick(["", "", "optimizer: ga.adam({ learningRate: 0.01 })", "optimizer: ga.sgd({ learningRate: 0.05, momentum: 0.9 })", "optimizer: ga.sgd({ learningRate: 0.05, momentum: 0, weightDecay: 0.01 })", "optimizer: tf.train.rmsprop(0.01)", "optimizer: tf.train.adagrad(0.05)", "optimizer: tf.train.adamax(0.01)"]), // prettier-ignore
    draws.pick(["", "", `amplify: { group: () => true, ampRatio: ${draws.pick([0.5, 1, 1])}, ampFactor: ${factor}, scope: "${draws.pick(["backprop", "backprop", "parameters", "input"])}" }`]), // prettier-ignore
    draws.pick(["", "", "clipNorm: 1", "clipNorm: 0.01"]),
    draws.pick(["", "", "", "loss: own.squares", "loss: own.distances"]),
    `batchSize: ${draws.pick([4, 5, 16])}`,
    `epochs: ${draws.pick([1, 2])}`,
    `seed: ${draws.integer(100)}`,
  ].filter((each) => each !== "" && fits(each));
  const checks = [
    ...draws.some<Check>(["statistics"], 0.3),
    ...draws.some<Check>(["bfloat16"], 0.2),
    ...(isPlain ? (["float64"] as const) : []),
  ];
  return { input, vocabulary, layers, head, options, samples: draws.pick([8, 11, 16]), checks };
}

const sourceOf = ({ input, vocabulary, layers, head }: ModelCase, hasHead = true) => `(() => {
  const input = tf.input({ shape: ${JSON.stringify(input)}${vocabulary === null ? "" : ', dtype: "int32"'} });
  const values = [input];
  for (const layer of [
    ${layers.join(",\n    ")}
  ]) values.push(layer(values.at(-1)));
  const last = values.at(-1);
  const flat = last.shape.length > 2 ? tf.layers.flatten().apply(last) : last;
  return tf.model({ inputs: input, outputs: ${hasHead ? `tf.layers.${head}.apply(flat)` : "last"} });
})()`;

/** A case in which what each layer puts out, and its gradient, are rounded to bfloat16; in nested models, too. */
export const shortenedCase = (each: ModelCase): ModelCase => ({ ...each, isShortened: true });

type Factories = Record<string, (...given: unknown[]) => layers.Layer>;

/** tfjs with layers each of which a rounding one follows where it is applied to a symbolic value. */
function shorteningTf(): typeof ga.tf {
  const factories = Object.entries(ga.tf.layers as unknown as Factories).map(([name, make]) => {
    const made: Factories[string] = (...given) => {
      const layer = make(...given);
      const { apply } = layer;
      layer.apply = (inputs, ...more) => {
        const output = apply.call(layer, inputs, ...more);
        return output instanceof ga.tf.SymbolicTensor ? own.shortened().apply(output) : output;
      };
      return layer;
    };
    return [name, typeof make === "function" && name !== "input" && !/^[A-Z]/.test(name) ? made : make];
  });
  return { ...ga.tf, layers: Object.fromEntries(factories) as typeof ga.tf.layers };
}

/** The model, with weights that follow from their shapes alone. */
export function modelOf(each: ModelCase, hasHead = true): LayersModel {
  const make = runInThisContext(`(tf, ga, own) => ${sourceOf(each, hasHead)}`) as (...given: unknown[]) => LayersModel;
  const model = make(each.isShortened === true ? shorteningTf() : ga.tf, ga, own);
  if (hasHead) setWeights(model);
  return model;
}

/** Sets weights that do not depend on a random generator; all are above 0 where a variance must be. */
export function setWeights(model: LayersModel): void {
  const weights = model.weights.map(({ originalName, shape }, at) => {
    const size = (shape as number[]).reduce((product, length) => product * length, 1);
    const values = symmetric(`weight ${at}`, size, 0.4);
    const isPositive = /variance|gamma/.test(originalName);
    return ga.tf.tensor(isPositive ? values.map((value) => Math.abs(value) + 0.5) : values, shape as number[]);
  });
  model.setWeights(weights as Tensor[]);
  ga.tf.dispose(weights as Tensor[]);
}

/** The samples of a case. */
export function samplesOf({ input, vocabulary, samples }: ModelCase): Float32Array | Int32Array {
  const size = input.reduce((product, length) => product * length, samples);
  const values = symmetric("samples", size, 1);
  return vocabulary === null ? values : Int32Array.from(values, (each) => Math.floor(((each + 1) / 2) * vocabulary));
}

/** The class of each sample. */
export const targetsOf = ({ samples }: ModelCase): number[] => Array.from({ length: samples }, (_, at) => at % 3);

/** The options as an object; another each time, since optimizers keep state. */
export function optionsOf({ options }: ModelCase): ga.TrainOptions {
  const make = runInThisContext(`(tf, ga, own) => ({ ${options.join(", ")} })`) as (...given: unknown[]) => ga.TrainOptions; // prettier-ignore
  return make(ga.tf, ga, own);
}

/** A script that trains on both engines and shows the weights. */
export function scriptOf(each: ModelCase, seed: number): string {
  return `// Seed ${seed}. Run beside a built checkout: GRADAMP=<checkout> node script.cjs
const root = process.env.GRADAMP ?? process.cwd();
const { trainOn } = require(\`\${root}/dist/test/fuzz/models/train-on.js\`);
const { checkModel } = require(\`\${root}/dist/test/fuzz/models/check.js\`);
const each = ${JSON.stringify(each, null, 2)};
(async () => {
  for (const engine of ["eager", "graph"]) console.log(engine, (await trainOn(each, { engine })).map((w) => [...w].slice(0, 8).join(" ")));
  console.log(await checkModel(each));
})();`;
}
