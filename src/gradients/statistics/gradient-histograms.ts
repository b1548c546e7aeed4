import type { HistogramRow } from "../../rows";
import { type Tensor1D, tf } from "../../tensorflow";
import { BINS, gradientHistogram } from "../gradient-histogram";
import type { MeasuredNetwork, StatisticStep } from "./statistic";

/** Numbers that a histogram takes: zeros, non-finite, bins. */
const SIZE = BINS + 2;

/** Histograms of log₂ |gradient| of every weight tensor, one behind the other. */
function histograms({ raw }: StatisticStep, { range }: MeasuredNetwork): Tensor1D {
  return tf.concat(raw.map((gradient) => gradientHistogram(gradient, range)));
}

/** The part of a statistic that is made of such histograms; those of several steps are added up. */
export const OF_HISTOGRAMS = {
  over: "steps",
  reduce: "sum",
  size: ({ weights }: MeasuredNetwork) => weights.length * SIZE,
  observe: histograms,
} as const;

/** The histograms that were counted. */
export function histogramRows(
  values: Float32Array,
  { weights, range }: MeasuredNetwork,
): Omit<HistogramRow, "epoch" | "step">[] {
  return weights.map(({ index, layer, weight }, at) => {
    const [zeros = 0, nonFinite = 0, ...counts] = values.subarray(at * SIZE, (at + 1) * SIZE);
    return { index, layer, weight, low: range.low, high: range.high, zeros, nonFinite, counts };
  });
}
