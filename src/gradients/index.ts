export { type MeasureOptions, resolveMeasure } from "./measure-options";
export type { GradientObserver, ObservedStep } from "./observer";
export { measureGradients, STATISTICS, type StatisticColumn, type StatisticName, statisticColumns } from "./statistics";
export { statisticsObserver } from "./statistics-observer";
export { type WeightTensor, weightTensors } from "./weight-tensors";
