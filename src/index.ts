/**
 * gradamp: gradient amplification and per-layer gradient analysis for TensorFlow.js.
 *
 * One import for everything: `import * as ga from "gradamp"`.
 */
export {
  type Amplification,
  type AmplifyOptions,
  amplify,
  type Group,
  type GroupName,
  group,
  type Scope,
  scaleGradient,
  selectionSize,
  selectLayers,
  type Stage,
  type StagePlan,
  type StagePlanOptions,
  type StageTuple,
  stages,
  strategy,
} from "./amplification";
export * from "./datasets";
export { type MeasureOptions, STATISTICS, type StatisticName, type WeightTensor, weightTensors } from "./gradients";
export {
  batchNormalization,
  type BatchNormalizationOptions,
  sparseSoftmaxCrossEntropy,
  torchUniform,
  type TorchUniformOptions,
} from "./layers";
export * from "./models";
export { forwardLayers } from "./models/forward-layers";
export * from "./notebook";
export { type LayersModel, type Scalar, type SymbolicTensor, type Tensor, tf } from "./tensorflow";
export { train } from "./train";
export * from "./training";
export type { Paper } from "./experiments";
export {
  compact,
  readRun,
  readRunInfo,
  type RowKind,
  type RunInfo,
  type RunsOptions,
  saveRun,
  type Segment,
  writeRunInfo,
  writeSegment,
} from "./runs";
import "./notebook/displays/show-methods";
