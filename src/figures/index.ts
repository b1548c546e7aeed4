/** Rows in, Plotly specs out: pure functions, no TensorFlow. */
export { accuracyBars, type AccuracyBarsOptions, type AccuracyRow } from "./accuracy-bars";
export type { FigureOptions } from "./figure-options";
export { gradientBars, type GradientBarsOptions } from "./gradient-bars";
export { gradientFlow, type GradientFlowOptions } from "./gradient-flow";
export { learningRateComparison } from "./learning-rate-comparison";
export type * from "./plotly-spec";
export type { RowSource, RunLike, RunSource } from "./row-source";
export { theme, type Theme, type ThemeName } from "./theme";
export { trainingCurves, type TrainingCurvesOptions } from "./training-curves";
