/** The one door to TensorFlow: everything else in gradamp takes `tf`, and tfjs's types, from here. */
import { useOwnConvolutions } from "./own-convolutions";

useOwnConvolutions();

export type * from "@tensorflow/tfjs";
export { withDeviceRandom, withRepeatedDraws } from "./device-random";
export {
  convolvesBFloat16,
  type GraphBinding,
  graphBinding,
  graphFallback,
  hasOwnBatchNorm,
  hasOwnConvolutions,
  hasOwnPatches,
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
export { enableOpDeterminism, isDeterministic } from "./op-determinism";
export { type Profile, profile, type ProfiledOp } from "./profiler";
export { stockConvolution } from "./own-convolutions";
export { attribute, nativeBackend, type OpAttribute, type OpAttributes, opType, rawOp } from "./raw-op";
export { javascriptFallback, tf } from "./tf";
