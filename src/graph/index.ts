/** Whole steps, and whole epochs of them, as one TensorFlow function. */
export type { Compiler } from "./compiler";
export { checkEngine } from "./check-engine";
export { compile, type CompiledStep, type CompileOptions } from "./compile";
export { createLoop, defaultEngine } from "./loops/create-loop";
export { type GpuPlan, planForGpu } from "./gpu-plan/gpu-plan";
export { kernelTable } from "./gpu-plan/kernel-table";
export type { Crossing, Fallback, FunctionPlan } from "./gpu-plan/plan-function";
export { interruptibleLoop } from "./loops/interruptible-loop";
export type { EngineName, Loop, LoopBody, LoopCall, LoopOptions } from "./loops/loop";
export type { Precision } from "./precision";
export type { Output } from "./structure";
export { TraceError } from "./trace-error";
