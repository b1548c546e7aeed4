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
  constant,
  cosine,
  evaluate,
  type Evaluation,
  keyed,
  type LearningRateSchedule,
  type Loss,
  type Optimizer,
  predict,
  Run,
  sgd,
  type SgdOptions,
  staged,
  startTraining,
  type TrainOptions,
} from "../training";
export { type EpochRow, type RunRecord, type RunStatus } from "../rows";
