import { guardModels } from "./guard-models";

export { type AdamOptions, adam } from "./adam";
export { evaluate } from "./evaluate";
export type { Evaluation } from "./evaluation-program";
export { constant, cosine, type LearningRate, type LearningRateSchedule, staged } from "./learning-rate";
export type { CustomLoss, Loss } from "./loss";
export { predict } from "./predict";
export type { Optimizer, OptimizerState } from "./optimizer";
export { parseLearningRate } from "./parse-learning-rate";
export { reviveOptions } from "./revive-options";
export { Run } from "./run";
export { type SgdOptions, sgd } from "./sgd";
export { startTraining } from "./start-training";
export type { SavedTensor, TrainingKeeper, TrainingPosition, TrainingSnapshot, TrainingState } from "./training-state";
export type { EvaluateWhen, TrainOptions } from "./train-options";

guardModels();
