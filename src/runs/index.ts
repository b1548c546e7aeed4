/** Runs on disk: a folder each, its rows in immutable Arrow segments. */
export { compact } from "./compact";
export { readRun } from "./read-run";
export { readRunInfo } from "./read-run-info";
export type { RunInfo } from "./run-info";
export { runs, type RunsOptions } from "./runs";
export { saveRun } from "./save-run";
export type { RowKind, Segment } from "./segment";
export { writeRunInfo } from "./write-run-info";
export { writeSegment } from "./write-segment";
