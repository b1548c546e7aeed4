import { guardModels } from "./guard-models";

export { type AdamOptions, adam } from "./optimizers/adam";
export { evaluate } from "./evaluation/evaluate";
export type { Evaluation } from "./evaluation/evaluation-program";
export { constant, cosine, type LearningRate, type LearningRateSchedule, staged } from "./optimizers/learning-rate";
export type { CustomLoss, Loss } from "./loss";
export { predict } from "./evaluation/predict";
export type { Optimizer, OptimizerState } from "./optimizers/optimizer";
export { parseLearningRate } from "./parse-learning-rate";
export { reviveOptions } from "./revive-options";
export { Run } from "./run";
export { type SgdOptions, sgd } from "./optimizers/sgd";
export { startTraining } from "./start-training";
export type { SavedTensor, TrainingKeeper, TrainingPosition, TrainingSnapshot, TrainingState } from "./training-state";
export type { EvaluateWhen, TrainOptions } from "./train-options";

guardModels();
