import type { AmplifyOptions, StagePlan } from "../amplification";
import type { MeasureOptions } from "../gradients";
import type { EngineName, Precision } from "../graph";
import type { Optimizer as TfjsOptimizer } from "../tensorflow";
import type { Loss } from "./loss";
import type { Optimizer } from "./optimizers/optimizer";

/** When a split is evaluated. */
export type EvaluateWhen = "epoch" | "end" | "never";

/** How a model is trained; everything has a default. */
export interface TrainOptions {
  /** How the run is called in figures and tables; the model's name by default. */
  name?: string;
  /** Whole number above 0; 10 by default, with `stages` the last stage's end. */
  epochs?: number;
  /** Samples per step; the last, smaller batch of an epoch is kept. 128 by default. */
  batchSize?: number;
  /** `ga.sgd(…)`, `ga.adam(…)` or any `tf.train` optimizer; `ga.sgd()` by default. */
  optimizer?: Optimizer | TfjsOptimizer;
  /** `"crossEntropy"` (default), or `(prediction, target) => scalar` for what is no classification. */
  loss?: Loss;
  /** Amplification in all epochs; not together with `stages`. */
  amplify?: AmplifyOptions | null;
  /** A schedule of rates and amplification: `ga.strategy(…)`, `ga.intelligentStages(…)` or `ga.stages(…)`. */
  stages?: StagePlan | null;
  /** What is measured of the gradients, null for nothing; gradient flow every epoch by default. */
  measure?: MeasureOptions | null;
  /** Largest norm of all gradients together that is let through; null (default) clips nothing. */
  clipNorm?: number | null;
  /**
   * `"graph"` runs an epoch as one TensorFlow function, off the event loop; `"eager"` op by op, for debugging.  The graph
   * wherever it can be had, by default.
   */
  engine?: EngineName;
  /**
   * What convolutions and matrix products compute in: `"float32"` (default), `"tf32"` (GPUs only) or `"bfloat16"`.
   * Evaluation is in float32 in any case.
   */
  precision?: Precision;
  /** When the validation split is evaluated; every epoch by default. */
  validate?: EvaluateWhen;
  /** When the test split is evaluated; at the end by default, every epoch where there is no validation split. */
  test?: EvaluateWhen;
  /**
   * What a training loss that is not finite does. `"stop"` (default) ends the run, with status `"diverged"` and the model as
   * it was before that epoch; `"record"` goes on.  Either way a warning says at which layer it began.
   */
  onNonFinite?: "stop" | "record";
  /** Of shuffling, augmentation and the selection of layers; 0 by default. */
  seed?: number;
  /** Stops the run at the next step boundary. */
  signal?: AbortSignal;
}
