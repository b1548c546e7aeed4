/** The one door to TensorFlow: everything else in gradamp takes `tf`, and tfjs's types, from here. */
export type * from "@tensorflow/tfjs";
export { batchNormTraining, type BatchNormTrainingOptions, type BatchNormTrainingResult } from "./batch-norm-training";
export { withDeviceRandom, withRepeatedDraws } from "./patches/device-random";
export {
  convolvesBFloat16,
  type GraphBinding,
  graphBinding,
  graphFallback,
  hasOwnBatchNorm,
  hasOwnConvolutions,
  hasOwnIm2col,
  hasOwnMaxPool,
  hasOwnOutputStatistics,
  type TensorEntry,
} from "./graph-binding";
export {
  type FunctionOptions,
  NativeGraph,
  type NodeNumbers,
  TF_ATTR_FUNC,
  TF_ATTR_TENSOR,
  type TensorInfo,
  type TensorValue,
} from "./native-graph";
export { isKnownToEngine } from "./is-known-to-engine";
export { isRecordingGradients } from "./is-recording-gradients";
export { enableOpDeterminism, isDeterministic } from "./op-determinism";
export { type Profile, profile, type ProfiledOp } from "./profiler";
export { install, patches } from "./patches/install";
export { stockConvolution } from "./patches/convolutions/own-convolutions";
export type { Patch } from "./patches/patch";
export { TorchBatchNormalization } from "./patches/torch-batch-normalization";
export { attribute, nativeBackend, type OpAttribute, type OpAttributes, opType, type OpType, rawOp } from "./raw-op";
export { javascriptFallback, tf } from "./tf";
export { planningForGpu, runsOnGpu } from "./runs-on-gpu";
export { withStockOps } from "./stock-ops";
export { isTracing, setTraceRefusal, traceRefusal } from "./tracing";
