import type { Tensor, Tensor1D } from "../../tensorflow";

/**
 * A metric over a whole split: sums of each batch, which add up over batches, and the metric that all of them give. A split's metric is
 * that of all its samples together, and no mean over batches.
 */
export interface Metric {
  /** What its columns end in: "F1". */
  readonly ending: string;
  /** How many sums it keeps. */
  readonly size: number;
  /**
   * @param prediction a list for a model of several outputs
   * @param target alike
   * @param weights of samples, steps or pixels; null for all alike
   * @returns `[size]`
   */
  sums(prediction: Tensor | Tensor[], target: Tensor | Tensor[], weights: Tensor | null): Tensor1D;
  /** Of the sums over all batches; NaN where they say nothing. */
  value(sums: Float32Array): number;
}

/** A metric of one output, before it is known which one and what it is called. */
export type OutputMetric = Pick<Metric, "size" | "value"> & {
  sums(prediction: Tensor, target: Tensor, weights: Tensor | null): Tensor1D;
};
