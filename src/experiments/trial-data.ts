import { cifar10, cifar100, type Dataset, embedded } from "../datasets";
import type { TrialDataset } from "./trial-spec";

/**
 * Loads the data set that trials name; trials of one data set can share it.
 *
 * @throws {Error} where CIFAR is not there, with how to get it
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
