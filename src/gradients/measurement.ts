import {
  type GradientRow,
  type HistogramRange,
  histogramQuantile,
  type HistogramRow,
  type MeasuredRows,
  type OutputRow,
  QUANTILES,
} from "../rows";
import { type LayersModel, type Tensor1D, tf } from "../tensorflow";
import type { StatisticName } from "../spec";
import { BINS, gradientHistogram } from "./gradient-histogram";
import type { GradientObserver } from "./observer";
import { OutputWatch } from "./output-watch";
import { measureStep, statisticColumns } from "./statistics";
import { namedLayers } from "../models/named-layers";
import type { WeightTensor } from "./weight-tensors";

/**
 * Measures statistics of training steps, as the mean over the steps seen (histograms: their sum); all of them in one vector,
 * read at once.
 */
export interface Measurement extends GradientObserver {
  /** Rows from what `read()` gave. */
  rows(values: Float32Array, at: { epoch: number; step: number }): Omit<MeasuredRows, "directionality">;
}

/** Numbers that a histogram takes: zeros, non-finite, bins. */
const HISTOGRAM_SIZE = BINS + 2;

/**
 * An observer for some statistics of a model's weights and layers; directionality, which needs whole epochs, has its own.
 *
 * @param weights what `weightTensors(model)` gave
 */
export function measurement(
  model: LayersModel,
  weights: readonly WeightTensor[],
  statistics: readonly StatisticName[],
  range: HistogramRange,
): Measurement {
  const columns = statisticColumns(statistics);
  const wantsHistogram = statistics.includes("histogram") || statistics.includes("quantiles");
  const watch = statistics.includes("outputs") ? new OutputWatch(model) : null;
  const sizes = {
    columns: weights.length * columns.length,
    histograms: wantsHistogram ? weights.length * HISTOGRAM_SIZE : 0,
    outputs: watch ? watch.layers.length * 3 : 0,
  };
  const size = sizes.columns + sizes.histograms + sizes.outputs;
  // The last number counts steps.
  const sums = tf.tidy(() => tf.variable(tf.zeros([size + 1]) as Tensor1D, false));
  const names = new Map(namedLayers(model).map(({ layer, name }) => [layer, name]));

  const gradientRow = (
    values: Float32Array,
    tensor: WeightTensor,
    at: { epoch: number; step: number },
  ): GradientRow => {
    const { layer, weight, index, size: length } = tensor;
    const own = columns.map((column, offset) => [column, values[index * columns.length + offset]!] as const);
    const histogram = wantsHistogram ? histogramRow(values, tensor, at) : null;
    const quantiles = Object.entries(histogram ? QUANTILES : {}).map(
      ([column, share]) => [column, histogramQuantile(histogram!, range, share)] as const,
    );
    const measured = Object.fromEntries([...own, ...quantiles]) as { meanAbs: number };
    return {
      ...at,
      index,
      layer,
      weight,
      size: length,
      ...measured,
      ...(tensor.chain === null ? {} : { chain: tensor.chain }),
    };
  };
  const histogramRow = (
    values: Float32Array,
    { layer, weight, index }: WeightTensor,
    at: { epoch: number; step: number },
  ): HistogramRow => {
    // prettier-ignore
    const start = sizes.columns + index * HISTOGRAM_SIZE;
    const [zeros = 0, nonFinite = 0, ...counts] = values.subarray(start, start + HISTOGRAM_SIZE);
    return { ...at, index, layer, weight, low: range.low, high: range.high, zeros, nonFinite, counts };
  };
  const outputRow = (values: Float32Array, index: number, at: { epoch: number; step: number }): OutputRow => {
    const start = sizes.columns + sizes.histograms + index * 3;
    const [mean = 0, deviation = 0, zeroShare = 0] = values.subarray(start, start + 3);
    return { ...at, index, layer: names.get(watch!.layers[index]!)!, mean, deviation, zeroShare };
  };

  return {
    variables: [sums],
    wantsUnamplified: statistics.includes("amplification"),
    ...(watch ? { watch: () => watch.begin() } : {}),
    observe(step) {
      tf.tidy(() => {
        const parts = [
          measureStep(columns, step),
          ...(wantsHistogram ? step.raw.map((gradient) => gradientHistogram(gradient, range)) : []),
          ...(watch ? [watch.take()] : []),
        ];
        sums.assign(tf.add(sums, tf.concat([...parts, tf.ones([1])] as Tensor1D[])));
      });
    },
    reset() {
      tf.tidy(() => sums.assign(tf.zeros([size + 1])));
    },
    async read() {
      const values = await sums.data<"float32">();
      const steps = values[size]!;
      const counts = { first: sizes.columns, last: sizes.columns + sizes.histograms };
      return values.subarray(0, size).map((sum, at) => (at >= counts.first && at < counts.last ? sum : sum / steps));
    },
    rows: (values, at) => ({
      gradients: weights.map((tensor) => gradientRow(values, tensor, at)),
      histograms: statistics.includes("histogram") ? weights.map((tensor) => histogramRow(values, tensor, at)) : [],
      outputs: (watch?.layers ?? []).map((_, index) => outputRow(values, index, at)),
    }),
    dispose: () => sums.dispose(),
  };
}
