/** `ga.graph.*`: whole steps, and whole epochs of them, as one TensorFlow function. */
export { compile, type CompiledStep, type CompileOptions, interruptibleLoop as loop, TraceError } from "../../graph";
export type { EngineName, Loop, LoopBody, LoopCall, LoopOptions, Output, Precision } from "../../graph";
