import { runInThisContext } from "node:vm";
import * as ga from "../../../src/index";
import type { LayersModel, Tensor } from "../../../src/tensorflow";
import { symmetric } from "../../support/deterministic";
import type { Draws } from "../draws";

/** A model and how it is trained, as pieces of JavaScript. */
export interface ModelCase {
  readonly input: readonly number[];
  /** Functions of a symbolic value, in a row; those before are `values`. */
  readonly layers: readonly string[];
  /** Fields of `ga.train`'s options. */
  readonly options: readonly string[];
  readonly samples: number;
}

const ACTIVATIONS = ["relu", "relu6", "elu", "selu", "tanh", "sigmoid", "softplus", "linear", "swish"];

/** Layers for images, for vectors and for sequences. */
function layerFor(draws: Draws, rank: number): string {
  const activation = () => `activation: "${draws.pick(ACTIVATIONS)}"`;
  const regular = () => (draws.chance(0.2) ? `, kernelRegularizer: tf.regularizers.l2({ l2: 0.01 })` : "");
  const any = ["batchNormalization({})", "reLU()", "leakyReLU({ alpha: 0.1 })", "prelu({})", "elu()", "dropout({ rate: 0.3 })", "layerNormalization({})", `activation({ ${activation()} })`, "gaussianNoise({ stddev: 0.1 })"]; // prettier-ignore
  const images = [
    `conv2d({ filters: ${draws.pick([1, 4, 16])}, kernelSize: ${draws.pick([1, 2, 3])}, strides: ${draws.pick([1, 1, 2])}, padding: "same", useBias: ${draws.chance(0.7)}, ${activation()}${regular()} })`,
    `depthwiseConv2d({ kernelSize: 3, padding: "same", ${activation()} })`,
    `separableConv2d({ filters: 4, kernelSize: 3, padding: "same" })`,
    `conv2dTranspose({ filters: 3, kernelSize: 3, strides: 1, padding: "same", ${activation()} })`,
    `maxPooling2d({ poolSize: ${draws.pick([2, 3])}, strides: ${draws.pick([1, 2])}, padding: "same" })`,
    `averagePooling2d({ poolSize: 2, strides: ${draws.pick([1, 2])}, padding: "same" })`,
    "upSampling2d({ size: [2, 1] })",
    "zeroPadding2d({ padding: 1 })",
    "globalAveragePooling2d({})",
    "flatten()",
  ];
  const vectors = [`dense({ units: ${draws.pick([1, 5, 16])}, ${activation()}${regular()} })`, "reshape({ targetShape: [-1, 1] })"]; // prettier-ignore
  const sequences = [
    `conv1d({ filters: 4, kernelSize: 3, strides: ${draws.pick([1, 2])}, padding: "same", ${activation()} })`,
    `lstm({ units: 3, returnSequences: ${draws.chance(0.5)} })`,
    `gru({ units: 3 })`,
    `simpleRNN({ units: 3, returnSequences: true })`,
    `bidirectional({ layer: tf.layers.lstm({ units: 2 }), mergeMode: "concat" })`,
    `timeDistributed({ layer: tf.layers.dense({ units: 3 }) })`,
    "globalAveragePooling1d({})",
    "flatten()",
  ];
  const own = rank === 3 ? images : rank === 1 ? vectors : rank === 2 ? sequences : ["flatten()"];
  return `(x) => tf.layers.${draws.pick(draws.chance(0.6) ? own : any)}.apply(x)`;
}

/** Draws a case; layers that do not fit are left out when the model is built. */
export function drawModelCase(draws: Draws): ModelCase {
  const input = draws.pick([[8, 8, 3], [8, 8, 16], [5, 7, 1], [6], [9, 2], [4, 1]]); // prettier-ignore
  let layers: string[] = [];
  const count = draws.pick([1, 3, 6, 10]);
  const weightless = (code: string) => modelOf({ input, layers: [...layers, code], options: [], samples: 1 });
  for (let tries = 0; layers.length < count && tries < 3 * count; tries++) {
    const before = modelOf({ input, layers, options: [], samples: 1 }, false);
    const rank = before.outputs[0]!.shape.length - 1;
    before.dispose();
    const code = draws.chance(0.15)
      ? `(x) => { const same = values.filter((each) => String(each.shape) === String(x.shape)); return same.length > 1 ? tf.layers.add().apply([x, same[0]]) : tf.layers.concatenate().apply([x, x]); }`
      : layerFor(draws, rank);
    try {
      weightless(code).dispose();
      layers = [...layers, code];
    } catch {
      // It does not fit behind what there is.
    }
  }
  const options = [
    draws.pick(["", "optimizer: ga.adam({ learningRate: 0.01 })", "optimizer: ga.sgd({ learningRate: 0.05, momentum: 0.9 })", "optimizer: tf.train.rmsprop(0.01)"]), // prettier-ignore
    draws.pick(["", "", `amplify: { group: () => true, ampRatio: ${draws.pick([0.5, 1])}, ampFactor: ${draws.pick([2, 0.5, 4, 64])}, scope: "${draws.pick(["backprop", "backprop", "parameters"])}" }`]), // prettier-ignore
    draws.pick(["", "", "clipNorm: 1"]),
    `batchSize: ${draws.pick([4, 5, 16])}`,
    `epochs: ${draws.pick([1, 2])}`,
    `seed: ${draws.integer(100)}`,
  ].filter((each) => each !== "");
  return { input, layers, options, samples: draws.pick([8, 11, 16]) };
}

const sourceOf = ({ input, layers }: ModelCase, hasHead = true) => `(() => {
  const input = tf.input({ shape: ${JSON.stringify(input)} });
  const values = [input];
  for (const layer of [
    ${layers.join(",\n    ")}
  ]) values.push(layer(values.at(-1)));
  const last = values.at(-1);
  const flat = last.shape.length > 2 ? tf.layers.flatten().apply(last) : last;
  return tf.model({ inputs: input, outputs: ${hasHead ? "tf.layers.dense({ units: 3 }).apply(flat)" : "last"} });
})()`;

/** The model, with weights that follow from their shapes alone. */
export function modelOf(each: ModelCase, hasHead = true): LayersModel {
  const make = runInThisContext(`(tf, ga) => ${sourceOf(each, hasHead)}`) as (...given: unknown[]) => LayersModel;
  const model = make(ga.tf, ga);
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

/** The options as an object; another each time, since optimizers keep state. */
export function optionsOf({ options }: ModelCase): ga.TrainOptions {
  return (runInThisContext(`(tf, ga) => ({ ${options.join(", ")} })`) as (...given: unknown[]) => ga.TrainOptions)(ga.tf, ga); // prettier-ignore
}

/** A script that trains on both engines and shows the weights. */
export function scriptOf(each: ModelCase, seed: number): string {
  return `// Seed ${seed}. Run beside a built checkout: GRADAMP=<checkout> node script.cjs
const root = process.env.GRADAMP ?? process.cwd();
const { trainOn } = require(\`\${root}/dist/test/fuzz/models/check.js\`);
const each = ${JSON.stringify(each, null, 2)};
(async () => {
  for (const engine of ["eager", "graph"]) console.log(engine, (await trainOn(each, engine)).map((w) => [...w].slice(0, 8).join(" ")));
})();`;
}
