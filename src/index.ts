/**
 * gradamp: gradient amplification and per-layer gradient analysis for TensorFlow.js.
 *
 * One import for everything: `import * as ga from "gradamp"`.
 */
import { install } from "./session";

export {
  type Amplification,
  type AmplifyOptions,
  amplify,
  type Directionality,
  type DirectionalityRule,
  type Group,
  type GroupName,
  group,
  INTELLIGENT_SCHEDULES,
  intelligentStages,
  type IntelligentStagesOptions,
  parseStages,
  printStages,
  scaleEnds,
  type Scope,
  type Sides,
  scaleGradient,
  selectionSize,
  selectLayers,
  type Stage,
  type StagePlan,
  type StagePlanOptions,
  type StageTuple,
  stages,
  strategy,
  withoutAmplification,
} from "./amplification";
export * from "./datasets";
export {
  directionality,
  type DirectionalityRatios,
  gradientHistogram,
  type Gradients,
  HISTOGRAM_RANGE,
  measure,
  type MeasureOptions,
  type ModelMeasurement,
  type ObserveOptions,
  STATISTICS,
  type StatisticName,
  type WeightTensor,
  weightTensors,
} from "./gradients";
export * as graph from "./graph";
export {
  batchNormalization,
  type BatchNormalizationOptions,
  sparseSoftmaxCrossEntropy,
  torchUniform,
  type TorchUniformOptions,
} from "./layers";
export * from "./models";
export { forwardLayers } from "./models/forward-layers";
export * from "./display";
export * from "./export";
export * from "./execute";
export * from "./live";
export {
  type DirectionalityRow,
  type DirectionalitySelection,
  type EpochEvent,
  type EpochRow,
  type GradientRow,
  histogramQuantile,
  type HistogramRange,
  type HistogramRow,
  type MeasuredRows,
  type NetworkLayerRow,
  type NonFinite,
  normaliseRatios,
  type OutputRow,
  type Progress,
  rollUp,
  type RolledUpRow,
  type RowKind,
  type RunEvents,
  type RunRecord,
  type RunStatus,
  selectByDirectionality,
  type Selection,
  type SelectionRow,
  type StageStart,
} from "./rows";
export { type LayersModel, type Scalar, type SymbolicTensor, type Tensor, tf } from "./tensorflow";
export * from "./training";
export type { Paper } from "./experiments";
export { enableOpDeterminism, isDeterministic, type Profile, profile, type ProfiledOp } from "./tensorflow";
export {
  type Beginning,
  beginnings,
  type ProtocolOptions,
  REPRODUCTION_SCALES,
  type ReproductionOptions,
  type ReproductionScale,
  reproductionTrials,
  rerunTrials,
  type StartedTrial,
  startTrial,
  trainOptions,
  trialData,
  type TrialDataset,
  type TrialLabels,
  trialModel,
  type TrialModel,
  type TrialOptimizer,
  type TrialRate,
  trials,
  type TrialSpec,
  trialStages,
  type TrialStages,
} from "./experiments";
export {
  compact,
  readRun,
  readRunInfo,
  type RunInfo,
  type RunsOptions,
  saveRun,
  type Segment,
  writeRunInfo,
  writeSegment,
} from "./runs";
export { exportRows } from "./runs";
export * as statistics from "./statistics";
export {
  groupLayers,
  type LayerRatios,
  type LocalOptions,
  type MachineRoom,
  type OnSlurmOptions,
  planSweep,
  runLocally,
  runOnSlurm,
  type SlurmOptions,
  type SlurmScript,
  slurmScripts,
  Sweep,
  type SweepKnowledge,
  type SweepOptions,
  type SweepOutcome,
  type SweepPlan,
  type SweepSnapshot,
  type SweepTask,
  type TaskRow,
  type TaskStatus,
  thisMachine,
} from "./sweeps";
export {
  LeaseLostError,
  loadModel,
  recordTraining,
  type Resumed,
  type ResumeOptions,
  RunHeldError,
  type RunState,
  runStatus,
  type SaveOptions,
  startResuming,
} from "./runs";
export * from "./session";
export type { Patch } from "./tensorflow";

install();
