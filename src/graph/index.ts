/** Whole steps, and whole epochs of them, as one TensorFlow function. */
export { checkEngine } from "./check-engine";
export { compile, type CompiledStep, type CompileOptions } from "./compile";
export { createLoop, defaultEngine } from "./loops/create-loop";
export { interruptibleLoop } from "./loops/interruptible-loop";
export type { EngineName, Loop, LoopBody, LoopCall, LoopOptions } from "./loops/loop";
export type { Precision } from "./precision";
export type { Output } from "./structure";
export { TraceError } from "./trace-error";
