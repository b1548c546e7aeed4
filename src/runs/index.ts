/** Runs on disk: a folder each, its rows in immutable Arrow segments. */
export { compact } from "./segments/compact";
export { exportRows } from "./export-rows";
export { readRun } from "./read-run";
export { readRunInfo } from "./read-run-info";
export type { RunInfo } from "./run-info";
export type { UnreadableRun } from "./find-runs";
export { runs, type RunsOptions } from "./runs";
export { saveRun } from "./save-run";
export type { Segment } from "./segments/segment";
export { writeRunInfo } from "./write-run-info";
export { writeSegment } from "./segments/write-segment";
export { LeaseLostError, RunHeldError } from "./lease";
export { loadModel } from "./load-model";
export { recordTraining } from "./recording/record-training";
export type { SaveOptions } from "../spec";
export { RESUME_KINDS, type Resumed, type ResumeOptions, startResuming } from "./resume";
export { type RunState, runStatus } from "./run-status";
