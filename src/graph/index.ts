/** Whole steps, and whole epochs of them, as one TensorFlow function. */
import { makeGatherTraceable } from "./traceable-gather";

makeGatherTraceable();

export { createLoop, defaultEngine } from "./create-loop";
export type { EngineName, Loop, LoopBody, LoopCall, LoopOptions } from "./loop";
export type { Precision } from "./precision";
export { TraceError } from "./trace-error";
