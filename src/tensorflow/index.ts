/** The one door to TensorFlow: everything else in gradamp takes `tf`, and tfjs's types, from here. */
export type * from "@tensorflow/tfjs";
export { attribute, nativeBackend, type OpAttributes, opType, rawOp } from "./raw-op";
export { javascriptFallback, tf } from "./tf";
