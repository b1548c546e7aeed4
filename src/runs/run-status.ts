import { checkPath } from "../options";
import { readRunInfo } from "./read-run-info";
import { viewLease } from "./lease";
import { saysFinished } from "./says-finished";

/** Seconds without a sign of life after which a run on another machine is called stale. */
const SILENCE = 120;

/** What `run.json` says, or `"stale"` where it says "running" and nobody is at work. */
export type RunState =
  "running" | "stale" | "finished" | "stopped early" | "interrupted" | "failed" | "diverged" | (string & {});

/**
 * Whether a saved run is being trained, or how it ended.
 *
 * A run is stale where its process has died, or has given no sign of life for two minutes on another machine; it goes on
 * when it is resumed.
 *
 * @param folder the run's folder
 * @throws {Error} if the folder holds no run
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 * const folder = `${mkdtempSync("/tmp/runs-")}/a`;
 * ga.saveRun({ name: "a", model: "VGG08", parameters: 59716, dataset: "cifar-100", options: {}, epochs: [], gradients: [] }, folder);
 * console.log(await ga.runStatus(folder)); // finished
 */
export async function runStatus(folder: string): Promise<RunState> {
  checkPath(folder, "a run's folder");
  const info = readRunInfo(folder);
  const { status } = info;
  if (status === "finished" && !saysFinished(info)) return "interrupted";
  if (status !== "running") return status;
  const lease = await viewLease(folder);
  if (lease === null) return "stale";
  return (lease.alive ?? lease.silent < SILENCE) ? "running" : "stale";
}
