import type { Directionality } from "./directionality-ratios";
/**
 * One epoch of a run. Losses are means over samples, without the penalties of regularizers, which have a column of their
 * own; accuracies are fractions from 0 to 1; null where nothing was evaluated.
 */
export interface EpochRow {
  /** Counted from 1. */
  epoch: number;
  /** η of the epoch. */
  learningRate: number;
  /** Mean over the samples, from each batch before its update. */
  trainLoss: number;
  /** Null where the targets are no classes. */
  trainAccuracy: number | null;
  /** Mean over the validation split; null where it was not evaluated. */
  validationLoss: number | null;
  /** In [0, 1]; null where it was not evaluated. */
  validationAccuracy: number | null;
  /** Mean over the test split; null where it was not evaluated. */
  testLoss: number | null;
  /** In [0, 1]; null where it was not evaluated. */
  testAccuracy: number | null;
  /**
   * What regularizers (`kernelRegularizer` and its like) added to the loss in training, mean over samples: training
   * minimises `trainLoss + penalty`. 0 where the model has none; null, or left out, in runs from before it was kept, whose
   * `trainLoss` contains it.
   */
  penalty?: number | null;
  /** Wall time of the epoch: training, measuring and evaluation. */
  seconds: number;
  /** Training samples per second of training time. */
  imagesPerSecond: number;
  /** How many layers were amplified. */
  amplifiedLayers: number;
  /**
   * Any metric that the training was asked for, of the splits that were evaluated: `validationF1`, `testTop5`. Left out of epochs on
   * which a split was not.
   */
  [metric: string]: number | null;
}

/**
 * One step of a training. What nobody asked for is null: a callback's scalars at a step that has no row of its own stand alone.
 */
export interface StepRow {
  /** Counted from 1. */
  epoch: number;
  /** Steps since the start of the run, from 1. */
  step: number;
  /** Mean over the step's batch, before its update and without penalties. */
  loss: number | null;
  /** In [0, 1], of the batch; null where targets are no classes. */
  accuracy: number | null;
  /** With which the step was done. */
  learningRate: number | null;
  /** ‖g‖₂ of all gradients together, penalties' included, before they are clipped. */
  gradientNorm: number | null;
  /** What callbacks have logged. */
  [scalar: string]: number | null;
}

/** One weight tensor at one measured step; each measured statistic is a column of its own. */
export interface GradientRow {
  /** Counted from 1. */
  epoch: number;
  /** Steps since the start of the run, from 1. */
  step: number;
  /** Position among the model's trainable weights in forward order, biases included, from 0. */
  index: number;
  /** With the path of nested models: "encoder/dense". */
  layer: string;
  /** "kernel", "bias", "gamma", "beta", "forward/kernel", …; unique in its layer. */
  weight: string;
  /** How many numbers the weight tensor holds. */
  size: number;
  /** Mean |gradient| over the weight tensor. */
  meanAbs: number;
  /**
   * Any statistic measured. Where a network's branches run in parallel, `chain` names the layer with which the weight's
   * chain begins; neighbours of different chains do not feed each other.
   */
  [statistic: string]: number | string;
}

/** How the gradients of one weight tensor are distributed at one measured step; counts of several steps are added up. */
export interface HistogramRow {
  /** From 1. */
  epoch: number;
  /** Steps of the run so far. */
  step: number;
  /** As in {@link GradientRow}. */
  index: number;
  /** The layer's name, with the path of nested models. */
  layer: string;
  /** The weight's name within its layer. */
  weight: string;
  /** log₂ of the lower edge of the first bin; what is smaller is counted there. */
  low: number;
  /** log₂ of the upper edge of the last bin; what is larger is counted there. */
  high: number;
  /** How many gradients are exactly 0, and not finite; neither is in a bin. */
  zeros: number;
  /** How many elements are NaN or infinite. */
  nonFinite: number;
  /** How many gradients fall into each bin; bins are equally wide in log₂. */
  counts: readonly number[];
}

/** What one layer put out at one measured step, over the whole batch. */
export interface OutputRow {
  /** From 1. */
  epoch: number;
  /** Steps of the run so far. */
  step: number;
  /** Position among the model's layers in forward order, from 0. */
  index: number;
  /** The layer's name, with the path of nested models. */
  layer: string;
  /** Where a network's branches run in parallel, the layer with which this layer's chain begins. */
  chain?: string;
  /** Mean of all elements. */
  mean: number;
  /** Standard deviation over all outputs. */
  deviation: number;
  /** Share of the outputs x with |x| < 1e-3, from 0 to 1. */
  zeroShare: number;
}

/** How steadily the gradients of one layer pointed the same way over an epoch (Basodi et al. 2023, eq. 4 and 5). */
export interface DirectionalityRow {
  /** From 1. */
  epoch: number;
  /** The last step that was summed. */
  step: number;
  /** Position among the layers with trainable weights in forward order, from 0. */
  index: number;
  /** The layer's name, with the path of nested models. */
  layer: string;
  /** From 0 (the gradients cancel out) to 1 (they all point the same way); NaN where one was not finite. */
  G: number;
  /** G′, in [0, 1]. */
  GPrime: number;
  /** The other reading of G, in [0, 1]; absent in runs that were kept before it was measured. */
  GNet?: number;
}

/** How much of one weight tensor's gradient was noise over an epoch. */
export interface NoiseRow {
  /** From 1. */
  epoch: number;
  /** The last step of the epoch. */
  step: number;
  /** As in {@link GradientRow}. */
  index: number;
  /** The layer's name, with the path of nested models. */
  layer: string;
  /** The weight's name within its layer. */
  weight: string;
  /** How many numbers the weight tensor holds. */
  size: number;
  /**
   * Mean cosine between the gradients of successive steps, in [−1, 1]; NaN where there were no two steps with gradients, or one was
   * not finite.
   */
  cosine: number;
  /**
   * The simple noise scale of McCandlish et al. 2018 in multiples of the batch size; infinite where the mean gradient cannot be told
   * from noise, NaN where there was no gradient or but one step, or one was not finite.
   */
  noiseScale: number;
}

/** One layer that was considered when layers were selected for amplification, and what became of it. */
export interface SelectionRow {
  /** The first epoch that is trained with this selection, counted from 1. */
  epoch: number;
  /** Position of the stage, from 0. */
  stage: number;
  /** Position among the layers considered, in forward order, from 0. */
  index: number;
  /** The layer's name. */
  layer: string;
  /** Whether it is amplified. */
  selected: boolean;
  /** Γ. */
  ampFactor: number;
  /** `"random"`, or which ratio decided. */
  by: "random" | Directionality;
  /** β of a random selection; null where gradients decided. */
  ampRatio: number | null;
  /** The epoch whose gradients decided; this and what follows is null for a random selection. */
  analysed: number | null;
  /** That ratio of the layer; NaN where a gradient was not finite. */
  ratio: number | null;
  /** (ratio − mean) / deviation over the layers considered. */
  normalized: number | null;
  /** On the normalised ratio; null where it is none of one rule. */
  threshold: number | null;
  /** "one": above the threshold; "both": on either side of it. */
  sides: "one" | "both" | null;
}

/** A layer of a network and where its input comes from, as the network diagram draws it. */
export interface NetworkLayerRow {
  /** The layer's name, with the path of nested models. */
  name: string;
  /** As Keras calls it: "Conv2D", "BatchNormalization", "Add", … */
  type: string;
  /** Names of the layers that feed it; empty for an input. */
  inputs: readonly string[];
  /** Whether gradients are amplified there. */
  amplified: boolean;
  /** How many trainable parameters. */
  parameters: number;
}
