/**
 * Measuring: statistics of gradients, weights and outputs, layer by layer.
 *
 * @module gradients
 */
export {
  directionality,
  measure,
  type MeasureOptions,
  STATISTICS,
  type StatisticName,
  weightTensors,
} from "../gradients";
export {
  type DirectionalityRow,
  type GradientRow,
  type HistogramRow,
  type NoiseRow,
  type OutputRow,
  rollUp,
  type StepRow,
} from "../rows";
