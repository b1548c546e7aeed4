import type { RunInfo } from "./run-info";

/**
 * Whether a run's run.json says that it has finished, and nothing in it contradicts that: one that ended early and was
 * called finished since can go on.
 */
export function saysFinished({ status, progress, options }: RunInfo): boolean {
  if (status === "stopped early") return true;
  if (status !== "finished") return false;
  const epochs = Number(options["epochs"] ?? progress?.epochs);
  return progress === undefined || Number.isNaN(epochs) || progress.epoch >= epochs;
}
