/** Reads what make-fixtures.py wrote, gives a model the start that PyTorch had, and compares. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sparseSoftmaxCrossEntropy } from "../../src/layers";
import { modelByName, type ModelOptions } from "../../src/models";
import { type LayersModel, type Tensor, type Tensor1D, type Tensor2D, tf, type Variable } from "../../src/tensorflow";
import { symmetric, uniforms } from "./deterministic";

/** Mean |value|, ‖values‖₂ and the product with a fixed random vector, which minds signs and order. */
export type Summary = readonly [meanAbs: number, norm: number, probe: number];

/** One number or summary as float64, float32 in PyTorch's own layout, and float32 in channels-last layout gave it. */
export interface ByPrecision<T> {
  readonly float64: T;
  readonly contiguous: T;
  readonly channelsLast: T;
  /** Largest |float32 − float64| over both layouts and four orders of the batch, two with pixels one unit in the last place off. */
  readonly deviation: T;
}

/** Summaries of gradients or weights by `layer/weight`. */
export type Summaries = Record<string, ByPrecision<Summary>>;

export type OptimizerOptions =
  | { readonly kind: "adam"; readonly learningRate: number; readonly clipNorm?: number }
  | {
      readonly kind: "sgd";
      readonly learningRate: number;
      readonly momentum: number;
      readonly weightDecay: number;
      readonly clipNorm?: number;
    };

interface NetworkFixture {
  readonly network: string;
  /** Of the network, beside width and classes. */
  readonly options?: ModelOptions;
  readonly width: number;
  readonly classes: number;
  readonly batch: number;
}

/** step0/NETWORK.json: loss and gradients at the start. */
export interface Step0Fixture extends NetworkFixture {
  readonly loss: ByPrecision<number>;
  readonly gradients: Summaries;
}

/** trajectories/NETWORK.json: the loss of each of 20 steps, the k-th on batch k. */
export interface TrajectoryFixture extends NetworkFixture {
  readonly optimizer: OptimizerOptions;
  readonly losses: Omit<ByPrecision<number[]>, "deviation">;
}

/** restarts/NETWORK.json: single steps with a fresh optimizer from the weights that PyTorch had after 0, 5, 20 steps. */
export interface RestartFixture extends NetworkFixture {
  readonly optimizer: OptimizerOptions;
  /** `layer/weight` in the order of the weight files. */
  readonly order: readonly string[];
  readonly steps: Record<"0" | "5" | "20", RestartStep>;
}

export interface RestartStep {
  /** Weight file beside the fixture; null for the deterministic start. */
  readonly weights: string | null;
  readonly loss: ByPrecision<number>;
  /** Loss of the same batch in training mode after the update. */
  readonly lossAfter: ByPrecision<number>;
  readonly gradients: Summaries;
  /** All weights after the update, running statistics included. */
  readonly weightsAfter: Summaries;
}

/** amplification/NETWORK.json: gradients at the start, raw and amplified by full backward pre-hooks. */
export interface AmplificationFixture extends NetworkFixture {
  readonly raw: Summaries;
  readonly cases: Record<string, AmplificationCase>;
}

export interface AmplificationCase {
  readonly group: "bn" | "relu";
  readonly scope: "backprop" | "parameters";
  readonly factor: number;
  /** The amplified layers, in forward order. */
  readonly layers: readonly string[];
  /** Norm of the first convolution's gradient against the raw one, in float64. */
  readonly ratioAtInput: number;
  readonly gradients: Summaries;
}

/** layers.json: small things with every number written out; all images as [batch, height, width, channels]. */
export interface LayersFixture {
  readonly batchNorm: {
    readonly shape: readonly [number, number, number, number];
    readonly running: readonly { readonly mean: number[]; readonly variance: number[] }[];
    readonly output: number[];
    readonly inputGradient: number[];
    readonly gammaGradient: number[];
    readonly betaGradient: number[];
    readonly evaluation: number[];
  };
  readonly optimizers: {
    readonly start: number[];
    readonly gradients: number[][];
    readonly learningRates: number[];
    readonly runs: readonly { readonly options: OptimizerOptions; readonly parameters: number[][] }[];
  };
  readonly crossEntropy: { readonly losses: number[]; readonly gradient: number[] };
  readonly uniforms: { readonly key: string; readonly first: number[] };
}

const FOLDER = join(__dirname, "../../../test/fixtures/pytorch");

/** Reads a fixture, e.g. `readFixture<Step0Fixture>("step0/vgg08.json")`. */
export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as T;
}

/** Images of a step, [batch, height, width, channels]; uniform with mean 0 and variance 1. */
export function fixtureInputs(step: number, batch: number, image: readonly number[] = [32, 32, 3]): Tensor {
  const shape = [batch, ...image];
  return tf.tensor(symmetric(`inputs/${step}`, tf.util.sizeFromShape(shape), Math.sqrt(3)), shape);
}

/** Classes of a step, int32 [batch]. */
export function fixtureLabels(step: number, batch: number, classes: number): Tensor1D {
  return tf.tensor1d(Int32Array.from(uniforms(`labels/${step}`, batch), (value) => Math.floor(value * classes)));
}

/** `layer/weight` of each weight of a model, as the fixtures name them. */
export function weightNames(model: LayersModel): string[] {
  return model.layers.flatMap((layer) =>
    layer.weights.map((weight) => `${layer.name}/${weight.originalName.split("/").at(-1)}`),
  );
}

function setWeights(model: LayersModel, values: (name: string, shape: number[], fanIn: number) => Float32Array): void {
  for (const layer of model.layers) {
    if (layer.weights.length === 0) continue;
    const fanIn = tf.util.sizeFromShape((layer.weights[0]!.shape as number[]).slice(0, -1));
    const tensors = layer.weights.map((weight) => {
      const shape = weight.shape as number[];
      return tf.tensor(values(`${layer.name}/${weight.originalName.split("/").at(-1)}`, shape, fanIn), shape);
    });
    layer.setWeights(tensors);
    tf.dispose(tensors);
  }
}

/** Gives kernels and biases the fixtures' start, ±1/√fan-in, and batch norm 1, 0, 0, 1. */
export function setDeterministicWeights(model: LayersModel): void {
  setWeights(model, (name, shape, fanIn) => {
    const size = tf.util.sizeFromShape(shape);
    if (/\/(kernel|bias)$/.test(name)) return symmetric(name, size, 1 / Math.sqrt(fanIn));
    return new Float32Array(size).fill(/\/(gamma|moving_variance)$/.test(name) ? 1 : 0);
  });
}

/** Gives a model the weights of a file of a restart fixture (bfloat16, in `order`). */
export function setStoredWeights(model: LayersModel, fixture: RestartFixture, file: string): void {
  const bytes = readFileSync(join(FOLDER, "restarts", file));
  const names = weightNames(model);
  const sizes = new Map(model.layers.flatMap((l) => l.weights).map((w, i) => [names[i]!, tf.util.sizeFromShape(w.shape as number[])])); // prettier-ignore
  const offsets = new Map<string, number>();
  let offset = 0;
  for (const name of fixture.order) {
    offsets.set(name, offset);
    offset += 2 * sizes.get(name)!;
  }
  assert.equal(bytes.length, offset, `size of ${file}`);
  setWeights(model, (name, shape) => {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    const bits = new Uint32Array(values.buffer);
    for (let i = 0; i < bits.length; i++) bits[i] = bytes.readUInt16LE(offsets.get(name)! + 2 * i) << 16;
    return values;
  });
}

/** Builds the network of a fixture with the start that PyTorch had. */
export function fixtureModel(fixture: NetworkFixture): LayersModel {
  const model = modelByName(fixture.network, { ...fixture.options, width: fixture.width, classes: fixture.classes });
  setDeterministicWeights(model);
  return model;
}

/** Summarises in float64: squares of 1e-19 have no float32. */
export function summarise(values: ArrayLike<number>, name: string): Summary {
  const probe = uniforms(`probe/${name}`, values.length);
  let abs = 0;
  let squares = 0;
  let product = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    abs += Math.abs(value);
    squares += value * value;
    product += value * (2 * probe[i]! - 1);
  }
  return [abs / values.length, Math.sqrt(squares), product];
}

/** Loss and gradient summaries of a model in training mode on the batch of a step. */
export function measureGradients(
  model: LayersModel,
  step: number,
  batch: number,
): { loss: number; gradients: Record<string, Summary> } {
  const names = weightNames(model);
  const trainable = model.layers
    .flatMap((layer) => layer.weights)
    .map((weight, i) => ({ trainable: weight.trainable, variable: weight.read() as Variable, name: names[i]! }))
    .filter((weight) => weight.trainable);
  const classes = model.outputs[0]!.shape[1]!;
  let loss = Number.NaN;
  const gradients: Record<string, Summary> = {};
  tf.tidy(() => {
    const x = fixtureInputs(step, batch, model.inputs[0]!.shape.slice(1) as number[]);
    const y = fixtureLabels(step, batch, classes);
    const { value, grads } = tf.variableGrads(
      () => tf.mean(sparseSoftmaxCrossEntropy(model.apply(x, { training: true }) as Tensor2D, y)),
      trainable.map(({ variable }) => variable),
    );
    loss = value.dataSync()[0]!;
    for (const { variable, name } of trainable) {
      gradients[name] = summarise(grads[variable.name]!.dataSync(), name);
    }
  });
  return { loss, gradients };
}

/** Summaries of all weights of a model, running statistics included. */
export function measureWeights(model: LayersModel): Record<string, Summary> {
  const weights = model.layers.flatMap((layer) => layer.weights);
  return Object.fromEntries(
    weightNames(model).map((name, i) => [name, summarise(weights[i]!.read().dataSync(), name)]),
  );
}

/** Asserts that a loss is off PyTorch's float64 by at most three times what PyTorch's float32 is. */
export function assertLossParity(actual: number, expected: ByPrecision<number>, what = "loss"): void {
  const { float64, deviation } = expected;
  const bound = 3 * Math.max(deviation, 1e-6 * Math.abs(float64));
  assert.ok(Math.abs(actual - float64) <= bound, `${what} is ${actual}, PyTorch has ${float64}, bound ${bound}`);
}

const quantile = (values: number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
};

/**
 * Asserts that summaries are as near to PyTorch's float64 as PyTorch's own float32 is.
 *
 * For each weight and statistic |ours − float64| ≤ 3 × the larger of its deviation and a floor. The floor is needed because a
 * deviation is a matter of luck: where the mean of a gamma's 32 gradients happens to come out exactly in float32, a single
 * activation that falls on the other side of zero elsewhere is a hundred times that. It is what nine tenths of the weights
 * of that kind (kernel, gamma, …) stay below in PyTorch, relative to the statistic (to the norm for the probe), and at least 1e-6.
 * Beyond that, the median error over the weights of a kind may not exceed that floor (or 3e-6) itself. One
 * weight in a hundred may be up to nine times off, which small networks never are: of the fixtures' 12,000 statistics two were
 * above 3 (4.1; a gamma of four numbers in ResNet-101 at a sixteenth of its width), the others below 2.4.
 */
export function assertParity(actual: Record<string, Summary>, expected: Summaries, what = "gradient"): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), `weights with a ${what}`);
  ["mean |·|", "norm", "probe"].forEach((statistic, k) => {
    const rows = Object.entries(expected).map(([name, { float64, deviation }]) => {
      const scale = k === 2 ? float64[1] : Math.abs(float64[k]!);
      return { name, kind: name.split("/").at(-1)!, scale, float64: float64[k]!, deviation: deviation[k]! };
    });
    const relative = (row: (typeof rows)[number]) => row.deviation / (row.scale || 1);
    const floors = new Map(
      rows.map(({ kind }) => [kind, quantile(rows.filter((row) => row.kind === kind).map(relative), 0.9)]),
    );
    const errors = rows.map((row) => Math.abs(actual[row.name]![k]! - row.float64));
    const failures = rows.flatMap((row, i) => {
      const bound = 3 * Math.max(row.deviation, Math.max(1e-6, floors.get(row.kind)!) * row.scale);
      if (errors[i]! <= bound) return [];
      return [{ name: row.name, ours: actual[row.name]![k]!, pytorch: row.float64, error: errors[i]!, bound }];
    });
    const far = failures.filter(({ error, bound }) => !(error <= 3 * bound));
    const tooMany = failures.length > Math.floor(rows.length / 100);
    assert.deepEqual(tooMany ? failures : far, [], `${statistic} of ${what}`);
    for (const [kind, floor] of floors) {
      const ours = rows.flatMap((row, i) => (row.kind === kind ? [errors[i]! / (row.scale || 1)] : []));
      if (ours.length < 8) continue;
      const median = quantile(ours, 0.5);
      assert.ok(
        median <= Math.max(3e-6, floor),
        `median error of ${kind}, ${statistic} of ${what}: ${median} > ${floor}`,
      );
    }
  });
}
