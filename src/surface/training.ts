/**
 * Training: any `tf.LayersModel` on any data set, with or without amplification, its gradients measured.
 *
 * @module training
 */
export { type Disposable, dispose, resume, train } from "../session";
export { enableOpDeterminism } from "../tensorflow";
export {
  adam,
  type AdamOptions,
  adamw,
  type AdamWOptions,
  constant,
  cosine,
  evaluate,
  type Evaluation,
  keyed,
  type LearningRateSchedule,
  lion,
  type LionOptions,
  type Loss,
  type Optimizer,
  predict,
  rmsprop,
  type RmspropOptions,
  Run,
  sgd,
  type SgdOptions,
  staged,
  startTraining,
  type TrainOptions,
} from "../training";
export { type EpochRow, type RunRecord, type RunStatus } from "../rows";
