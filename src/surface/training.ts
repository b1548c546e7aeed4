/**
 * Training: any `tf.LayersModel` on any data set, with or without amplification, its gradients measured.
 *
 * @module training
 */
export { type Disposable, dispose, resume, train } from "../session";
export { enableOpDeterminism } from "../tensorflow";
export {
  adam,
  type BatchAugmentation,
  type AdamOptions,
  adamw,
  type AdamWOptions,
  type Callbacks,
  constant,
  cosine,
  cosineRestarts,
  type EarlyStopping,
  type Metric,
  type MetricFunction,
  type MetricName,
  type NamedMetric,
  type OwnMetric,
  earlyStopping,
  type EpochDone,
  evaluate,
  type EvaluationDone,
  type Evaluation,
  keyed,
  type LearningRateFunction,
  type LearningRateSchedule,
  lion,
  type LionOptions,
  type Loss,
  oneCycle,
  type Optimizer,
  type OwnAugmentation,
  polynomial,
  predict,
  type RateStep,
  type ReadyAugmentation,
  type StepDone,
  type TrainingControl,
  rmsprop,
  type RmspropOptions,
  Run,
  sgd,
  type SgdOptions,
  staged,
  startTraining,
  type TrainOptions,
  warmUp,
} from "../training";
export { type EpochRow, type RunRecord, type RunStatus } from "../rows";
