export { type MeasureOptions, resolveMeasure } from "./measure-options";
export { measureGradients, STATISTICS, type StatisticColumn, type StatisticName, statisticColumns } from "./statistics";
export { type WeightTensor, weightTensors } from "./weight-tensors";
