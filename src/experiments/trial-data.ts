import { cifar10, cifar100, type Dataset, embedded } from "../datasets";
import type { TrialDataset } from "./trial-spec";

/**
 * Loads the data set that trials name; trials of one data set can share it.
 *
 * @param dataset a trial's `dataset`
 * @throws {Error} if CIFAR is not there, with how to get it
 *
 * @example
 * import * as ga from "gradamp";
 * const [trial] = ga.reproductionTrials("ga", { scale: "demo" });
 * const data = await ga.trialData(trial!.dataset);
 * console.log(data.name, data.train.size);
 */
export async function trialData(dataset: TrialDataset): Promise<Dataset> {
  if (dataset.name === "embedded") {
    const { name: _, ...options } = dataset;
    return embedded(options);
  }
  const { name, limit, ...rest } = dataset;
  const options = { ...rest, ...(limit ? { limit } : {}) };
  return name === "cifar-10" ? cifar10(options) : cifar100(options);
}
