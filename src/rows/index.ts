/** The rows of a run: their kinds, and arithmetic on them. Free of TensorFlow. */
export { type AmplificationRow, amplificationRows } from "./amplification-rows";
export { bestBy, type BestEpoch, bestEpoch, type Score, type ScoreColumn } from "./best-epoch";
export type { ColumnType, KindOfRow } from "./kind-of-row";
export {
  isShownWeight,
  LAYER_SERIES_KINDS,
  layerSeries,
  type LayerSeries,
  type LayerSeriesOptions,
  type LayerTable,
} from "./layer-series";
export { DIRECTIONALITIES, type Directionality, normalisedSymbol, ratioSymbol } from "./directionality-ratios";
export { momentRows } from "./moment-rows";
export { normaliseRatios } from "./normalise-ratios";
export { type HistogramRange, histogramQuantile, type QuantileColumn, QUANTILES } from "./quantiles";
export { rollUp, type RolledUpRow } from "./roll-up";
export {
  columnType,
  isMeasured,
  liveKinds,
  type MeasuredKind,
  measuredKinds,
  type MeasuredRows,
  ROW_KINDS,
  type RowKind,
  rowKinds,
  type RowLists,
  type Rows,
} from "./row-kinds";
export { appendMeasured, appendRows, emptyMeasuredRows, emptyRows } from "./row-lists";
export type {
  DirectionalityRow,
  NoiseRow,
  EpochRow,
  GradientRow,
  HistogramRow,
  NetworkLayerRow,
  OutputRow,
  SelectionRow,
  StepRow,
} from "./row-types";
export type { EpochEvent, NonFinite, Progress, RunEvents, RunStatus, Selection, StageStart } from "./run-events";
export type { RunLike, RunRecord } from "./run-record";
export { type DirectionalitySelection, selectByDirectionality } from "./select-by-directionality";
export { type JudgedLayer, type RunDirectionality, selectionRows } from "./selection-rows";
