import type { DirectionalityRow, GradientRow, HistogramRow, OutputRow } from "../gradients";

export type { DirectionalityRow, GradientRow, HistogramRow, OutputRow };

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

/** One layer that was considered when layers were selected for amplification, and what became of it. */
export interface SelectionRow {
  /** The first epoch that is trained with this selection, counted from 1. */
  epoch: number;
  /** Position of the stage, from 0. */
  stage: number;
  /** Position among the layers considered, in forward order, from 0. */
  index: number;
  layer: string;
  selected: boolean;
  /** Γ. */
  ampFactor: number;
  /** `"random"`, or which ratio decided. */
  by: "random" | "G" | "GPrime";
  /** β of a random selection; null where gradients decided. */
  ampRatio: number | null;
  /** The epoch whose gradients decided; this and what follows is null for a random selection. */
  analysed: number | null;
  /** G or G′ of the layer; NaN where a gradient was not finite. */
  ratio: number | null;
  /** (ratio − mean) / deviation over the layers considered. */
  normalized: number | null;
  threshold: number | null;
  sides: "one" | "both" | null;
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
  /** Where `"histogram"` was measured. */
  histograms?: HistogramRow[];
  /** Where `"outputs"` were measured. */
  outputs?: OutputRow[];
  /** Of every epoch whose directionality was measured or decided on layers. */
  directionality?: DirectionalityRow[];
  /** Which layers were amplified from when on, and why. */
  selections?: SelectionRow[];
}
