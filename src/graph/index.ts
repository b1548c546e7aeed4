/** Whole steps as one TensorFlow function. */
export { eagerLoop } from "./eager-loop";
export type { EngineName, Loop, LoopBody, LoopCall } from "./loop";
