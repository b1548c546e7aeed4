import type { TrialOptimizer, TrialRate } from "../../experiments";
import type { TrainFlags } from "./flags";

/** The optimizer that flags name; what they leave open is as the configuration has it. */
export function optimizerOfFlags(flags: TrainFlags, config: TrialOptimizer | undefined): TrialOptimizer {
  const name = flags.optimizer ?? config?.name ?? "sgd";
  const given = config?.name === name ? config : undefined;
  const weightDecay = flags.weightDecay ?? given?.weightDecay ?? 0;
  if (name === "adam") {
    if (flags.momentum !== undefined) throw new TypeError("Expected --momentum with sgd but found it with adam");
    return { name, weightDecay };
  }
  return { name: "sgd", momentum: flags.momentum ?? (given?.name === "sgd" ? given.momentum : 0.9), weightDecay };
}

/** The learning rate, where no stages set it. */
export async function rateOfFlags(
  flags: TrainFlags,
  config: TrialRate | undefined,
  optimizer: string,
): Promise<TrialRate> {
  if (flags.learningRate === undefined) return config ?? (optimizer === "adam" ? 1e-3 : 0.1);
  const { parseLearningRate } = await import("../../spec/index.js");
  const { description } = parseLearningRate(flags.learningRate);
  const [, rate, min] = /^cosine\((.+), min (.+)\)$/.exec(description) ?? [];
  if (rate !== undefined) return { cosine: Number(rate), min: Number(min) };
  if (description.startsWith("staged"))
    throw new RangeError(`Expected --stages for a rate in stages but found --learning-rate ${flags.learningRate}`);
  return Number(description);
}
