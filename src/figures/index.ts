/**
 * `ga.figure.*`: figures of runs, of rows and of results. Rows in, Plotly specs out: pure functions, no TensorFlow. What
 * `ga.figure` gives shows itself in a notebook and saves itself as PNG, SVG or HTML ({@link Figure}).
 *
 * @module figure
 */
export { accuracyAgainstFactor } from "./trials/accuracy-against-factor";
export { accuracyAgainstRatio } from "./trials/accuracy-against-ratio";
export { accuracyAgainstThreshold } from "./trials/accuracy-against-threshold";
export { confusionMatrix, type ConfusionMatrixOptions, type Predictions } from "./predictions/confusion-matrix";
export { gradientComparison, type GradientComparisonOptions } from "./compare/gradient-comparison";
export { histogramComparison, type HistogramComparisonOptions } from "./compare/histogram-comparison";
export { runHeatmap, type RunHeatmapOptions } from "./compare/run-heatmap";
export { type Samples, sampleGrid, type SampleGridOptions } from "./predictions/sample-grid";
export { accuracyBars, type AccuracyBarsOptions, type AccuracyRow } from "./accuracy-bars";
export { activations, type ActivationsOptions } from "./activations";
export { bestModels, type ModelComparison } from "./trials/best-models";
export { directionality, type DirectionalityOptions } from "./directionality";
export { experimentOverview } from "./experiment-overview";
export type { FigureOptions, PanelFigureOptions } from "./parts/figure-options";
export { gradientBars, type GradientBarsOptions } from "./gradient-bars";
export { gradientFlow, type GradientFlowOptions } from "./gradient-flow";
export { gradientHeatmap } from "./gradient-heatmap";
export { gradientHistogram } from "./gradient-histogram";
export { layerHistory, type LayerHistoryOptions } from "./layer-history";
export { learningRateComparison } from "./learning-rate-comparison";
export { networkDiagram, type NetworkDiagramOptions } from "./network-diagram";
export type * from "./parts/plotly-spec";
export { rawAgainstAmplified, type RawAgainstAmplifiedOptions } from "./raw-against-amplified";
export { reselectionFrequency } from "./trials/reselection-frequency";
export type { RowSource, RunSource } from "./parts/row-source";
export { type NamedSchedule, scheduleDiagram, type ScheduleStage } from "./schedule-diagram";
export { theme, type Theme, type ThemeName } from "./parts/theme";
export { stepCurves, type StepCurvesOptions } from "./step-curves";
export { trainingCurves, type TrainingCurvesOptions } from "./training-curves";
export type { TrialRow } from "./trials/trial-row";
export { updateRatio, type UpdateRatioOptions } from "./update-ratio";
