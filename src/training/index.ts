export { adam } from "./optimizers/adam";
export { evaluate } from "./evaluation/evaluate";
export type { Evaluation } from "./evaluation/evaluation-program";
export { predict } from "./evaluation/predict";
export { reviveOptions } from "./revive-options";
export { Run } from "./run";
export { sgd } from "./optimizers/sgd";
export { startTraining } from "./start-training";
export type { SavedTensor, TrainingKeeper, TrainingPosition, TrainingSnapshot, TrainingState } from "./training-state";
export {
  type AdamOptions,
  constant,
  cosine,
  type CustomLoss,
  type EvaluateWhen,
  keyed,
  type LearningRate,
  type LearningRateSchedule,
  type LearningRateSpec,
  type Loss,
  type Optimizer,
  type OptimizerState,
  parseLearningRate,
  type SgdOptions,
  staged,
  type TrainOptions,
} from "../spec";
