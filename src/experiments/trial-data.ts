import { checkArgument } from "../options";
import { cifar10, cifar100, dataByModule, type Dataset, embedded } from "../datasets";
import type { ModuleRecord } from "../modules";
import type { CifarOptions, EmbeddedOptions, TrialData } from "../spec";

/**
 * Loads the data set that trials name; trials of one data set can share it.
 *
 * @param data a trial's `data`
 * @throws {Error} if CIFAR is not there, with how to get it
 *
 * @example
 * import * as ga from "gradamp";
 * const [trial] = ga.reproductionTrials("ga", { scale: "demo" });
 * const data = await ga.trialData(trial!.data);
 * console.log(data.name, data.train.size);
 */
export async function trialData(data: TrialData): Promise<Dataset> {
  checkArgument(data, "a trial's data, as trial.data,");
  const { name, ...options } = data;
  if (options.module !== undefined) return dataByModule(options as ModuleRecord);
  const given = options as EmbeddedOptions & CifarOptions;
  if (name === "embedded") return embedded(given);
  const { limit, ...rest } = given;
  return (name === "cifar-10" ? cifar10 : cifar100)({ ...rest, ...(limit ? { limit } : {}) });
}
