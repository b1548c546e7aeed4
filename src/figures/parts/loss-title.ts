import type { RunLike } from "../../rows";
import { isRun, isRunList } from "./row-source";

/**
 * How an axis names the loss: what it is where the runs say so and agree, "loss" otherwise. Rows alone do not say.
 */
export function lossTitle(source: unknown): string {
  const runs: readonly RunLike[] = isRunList(source) ? source : isRun(source) ? [source] : [];
  const names = new Set(runs.map((run) => run.options?.["loss"]));
  const [name] = names;
  if (names.size !== 1 || typeof name !== "string" || !/^[A-Za-z]+$/.test(name)) return "loss";
  if (name === "crossEntropy") return "cross-entropy";
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
