import type { RunLike } from "../../rows";
import { isRun, isRunList } from "./row-source";

/**
 * How an axis names the loss: what it is where the runs say so and agree, "loss" otherwise. Rows alone do not say.
 */
export function lossTitle(source: unknown): string {
  const runs: readonly RunLike[] = isRunList(source) ? source : isRun(source) ? [source] : [];
  const names = new Set(runs.map(({ options }) => nameOf(options?.["loss"])));
  const [name] = names;
  if (names.size !== 1 || typeof name !== "string" || !/^[A-Za-z]+$/.test(name)) return "loss";
  return TITLES[name] ?? name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

const TITLES: Readonly<Record<string, string>> = {
  crossEntropy: "cross-entropy",
  binaryCrossEntropy: "binary cross-entropy",
  focal: "focal loss",
  mse: "mean squared error",
  mae: "mean absolute error",
  huber: "Huber loss",
};

/** A loss by name, also with settings. */
const nameOf = (loss: unknown): unknown =>
  typeof loss === "object" && loss !== null && "name" in loss ? loss.name : loss;
