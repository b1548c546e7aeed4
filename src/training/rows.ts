/** One epoch of a run. Losses are means over samples, accuracies fractions from 0 to 1, null where nothing was evaluated. */
export interface EpochRow {
  /** Counted from 1. */
  epoch: number;
  learningRate: number;
  trainLoss: number;
  /** Null where the targets are no classes. */
  trainAccuracy: number | null;
  validationLoss: number | null;
  validationAccuracy: number | null;
  testLoss: number | null;
  testAccuracy: number | null;
  /** Wall time of the epoch: training, measuring and evaluation. */
  seconds: number;
  /** Training samples per second of training time. */
  imagesPerSecond: number;
  /** How many layers were amplified. */
  amplifiedLayers: number;
}

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

/** What figures and tables need of a run; `Run` satisfies it, and so does what is read back from disk. */
export interface RunRecord {
  name: string;
  model: string;
  /** Trainable parameters. */
  parameters: number;
  dataset: string;
  options: Record<string, unknown>;
  epochs: EpochRow[];
  gradients: GradientRow[];
}
