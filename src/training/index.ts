export { adam } from "./optimizers/adam";
export { adamw } from "./optimizers/adamw";
export { evaluate } from "./evaluation/evaluate";
export type { Evaluation } from "./evaluation/evaluation-program";
export { lion } from "./optimizers/lion";
export { optimizerByName } from "./optimizers/optimizer-by-name";
export { predict } from "./evaluation/predict";
export { reviveOptions } from "./revive-options";
export { rmsprop } from "./optimizers/rmsprop";
export { Run } from "./run";
export { sgd } from "./optimizers/sgd";
export { planTraining } from "./program/plan-training";
export { startTraining } from "./start-training";
export type {
  SavedTensor,
  TrainingRecorder,
  TrainingPosition,
  TrainingSnapshot,
  TrainingState,
} from "./training-state";
export {
  type AdamOptions,
  type AdamWOptions,
  type Callbacks,
  constant,
  cosine,
  cosineRestarts,
  type BatchAugmentation,
  type CustomLoss,
  type EarlyStopping,
  type Metric,
  type MetricFunction,
  type MetricName,
  type NamedMetric,
  type OwnMetric,
  earlyStopping,
  type EpochDone,
  type EvaluateWhen,
  type EvaluationDone,
  keyed,
  type LearningRate,
  type LearningRateFunction,
  type LearningRateSchedule,
  type LearningRateSpec,
  type LionOptions,
  type Loss,
  type NamedOptimizer,
  oneCycle,
  type Optimizer,
  type OptimizerState,
  parseLearningRate,
  polynomial,
  type RateStep,
  type StepDone,
  type TrainingControl,
  type RmspropOptions,
  type SgdOptions,
  staged,
  type OwnAugmentation,
  type ReadyAugmentation,
  type TrainOptions,
  warmUp,
} from "../spec";
