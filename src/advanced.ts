/**
 * What tools are built on: the parts that `ga.*` is made of, for those who need one of them by itself.
 *
 * `import * as advanced from "gradamp/advanced"`; everything works on the same engine and the same values as `gradamp`.
 *
 * @module advanced
 */
import "./tensorflow/doctor/require-node";
export {
  type Directionality,
  type GroupName,
  INTELLIGENT_SCHEDULES,
  scaleEnds,
  selectionSize,
  type Sides,
  type StagePlanOptions,
  type StrategyOptions,
  type StageTuple,
} from "./amplification";
export {
  type CifarSplit,
  type Column,
  type DataSource,
  type DownloadDatasetOptions,
  type DownloadProgress,
  type EpochPlanOptions,
  type ExportEmbeddedOptions,
  type Fingerprint,
  fingerprint,
  openSource,
  type PresentDataset,
  presentDatasets,
  type Samples,
  type SplitSamples,
  stratifiedSplit,
  type VerifiedFile,
  verifyDataset,
} from "./datasets";
export { displayBundle, type DisplayOptions, type FigureFunctions, type MimeBundle, type ShowOptions, type TableFunctions } from "./display"; // prettier-ignore
export { type ExecuteNotebookOptions, type Notebook, NotebookError } from "./execute";
export {
  type SharedPrefix,
  FRESH_SEEDS,
  type ProtocolOptions,
  REPRODUCTION_SCALES,
  type ReproductionOptions,
  type ReproductionScale,
  type StartedTrial,
  type TrialLabels,
} from "./experiments";
export { canExport, closeExporter, type HtmlPageOptions, type PagePart, type StaticExportOptions } from "./export";
export {
  type DirectionalityRatios,
  gradientHistogram,
  type Gradients,
  HISTOGRAM_RANGE,
  type ModelMeasurement,
  type ObserveOptions,
  type WeightTensor,
} from "./gradients";
export type { Crossing, Fallback, FunctionPlan } from "./graph";
export { sparseSoftmaxCrossEntropy } from "./layers";
export type { Watch, Watchable } from "./live";
export { type ActivationName, type InitializerName, type ModelOptions } from "./models";
export { forwardLayers } from "./models/forward-layers";
export {
  type DirectionalitySelection,
  type EpochEvent,
  histogramQuantile,
  type HistogramRange,
  type MeasuredRows,
  type NetworkLayerRow,
  type NonFinite,
  normaliseRatios,
  type Progress,
  type RolledUpRow,
  type RowKind,
  type RunEvents,
  type Selection,
  type SelectionRow,
  type StageStart,
} from "./rows";
export {
  compact,
  LeaseLostError,
  recordTraining,
  type Resumed,
  type ResumeOptions,
  RunHeldError,
  type RunsOptions,
  type UnreadableRun,
  type RunState,
  type Segment,
  startResuming,
  writeRunInfo,
  writeSegment,
} from "./runs";
export {
  groupLayers,
  type LayerRatios,
  type LocalOptions,
  type MachineResources,
  type OnSlurmOptions,
  planSweep,
  type ReproductionPowerOptions,
  runLocally,
  runOnSlurm,
  type SlurmOptions,
  type SlurmScript,
  slurmScripts,
  type SweepKnowledge,
  type SweepPlan,
  type SweepSnapshot,
  type SweepTask,
  type TaskRow,
  type TaskStatus,
  thisMachine,
} from "./sweeps";
export { isDeterministic, type Patch, type Profile, type ProfiledOp } from "./tensorflow";
export {
  type CustomLoss,
  type EvaluateWhen,
  type LearningRate,
  type OptimizerState,
  parseLearningRate,
  planTraining,
  reviveOptions,
  type SavedTensor,
  type TrainingRecorder,
  type TrainingPosition,
  type TrainingSnapshot,
  type TrainingState,
} from "./training";
