/** One weight tensor at one measured step; each measured statistic is a column of its own. */
export interface GradientRow {
  /** Counted from 1. */
  epoch: number;
  /** Steps since the start of the run, from 1. */
  step: number;
  /** Position among the model's trainable weights in forward order, biases included, from 0. */
  index: number;
  layer: string;
  /** "kernel", "bias", "gamma", "beta", … */
  weight: string;
  /** How many numbers the weight tensor holds. */
  size: number;
  /** Mean |gradient| over the weight tensor. */
  meanAbs: number;
  [statistic: string]: number | string;
}

/** How the gradients of one weight tensor are distributed at one measured step; counts of several steps are added up. */
export interface HistogramRow {
  epoch: number;
  step: number;
  /** As in {@link GradientRow}. */
  index: number;
  layer: string;
  weight: string;
  /** log₂ of the lower edge of the first bin; what is smaller is counted there. */
  low: number;
  /** log₂ of the upper edge of the last bin; what is larger is counted there. */
  high: number;
  /** How many gradients are exactly 0, and not finite; neither is in a bin. */
  zeros: number;
  nonFinite: number;
  /** How many gradients fall into each bin; bins are equally wide in log₂. */
  counts: number[];
}

/** What one layer put out at one measured step, over the whole batch. */
export interface OutputRow {
  epoch: number;
  step: number;
  /** Position among the model's layers in forward order, from 0. */
  index: number;
  layer: string;
  mean: number;
  /** Standard deviation over all outputs. */
  deviation: number;
  /** Share of the outputs x with |x| < 1e-3, from 0 to 1. */
  zeroShare: number;
}

/** How steadily the gradients of one layer pointed the same way over an epoch (Basodi et al. 2023, eq. 4 and 5). */
export interface DirectionalityRow {
  epoch: number;
  /** The last step that was summed. */
  step: number;
  /** Position among the layers with trainable weights in forward order, from 0. */
  index: number;
  layer: string;
  /** From 0 (the gradients cancel out) to 1 (they all point the same way); NaN where one was not finite. */
  G: number;
  GPrime: number;
}
