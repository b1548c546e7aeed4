export { directionality, type DirectionalityRatios } from "./directionality";
export { type DirectionalityObserver, directionalityObserver } from "./directionality-observer";
export { BINS, gradientHistogram, HISTOGRAM_RANGE } from "./gradient-histogram";
export { type Gradients, measure, type ModelMeasurement, type ObserveOptions } from "./measure";
export { type MeasureOptions, resolveMeasure } from "./measure-options";
export { type MeasuredStretch, measuredStretches } from "./measured-stretches";
export { type Measurement, measurement } from "./measurement";
export { nonFiniteObserver } from "./non-finite-observer";
export type { GradientObserver, ObservedStep } from "./observer";
export { NEAR_ZERO, outputStatistics } from "./output-watch";
export {
  measureGradients,
  measureStep,
  STATISTICS,
  type StatisticColumn,
  type StatisticName,
  statisticColumns,
} from "./statistics";
export { type Constraint, type WeightTensor, weightTensors } from "./weight-tensors";
