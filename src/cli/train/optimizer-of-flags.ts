import type { TrialOptimizer, TrialRate } from "../../experiments";
import { parseLearningRate } from "../../spec";
import type { TrainFlags } from "./flags";
import type { TrialConfig } from "./trial-config";

/** The optimizer that flags name, which replaces the configuration's; what they leave open is as that has it. */
export function optimizerOfFlags(flags: TrainFlags, config: TrialConfig["optimizer"]): TrialOptimizer {
  const name = flags.optimizer ?? config?.name ?? "sgd";
  const { learningRate: _, ...given } = config?.name === name ? config : { name };
  const weightDecay = flags.weightDecay ?? config?.weightDecay ?? 0;
  if (name === "adam") {
    if (flags.momentum !== undefined) throw new TypeError("Expected --momentum with sgd but found it with adam");
    return { ...given, name, weightDecay } as TrialOptimizer;
  }
  const momentum = flags.momentum ?? (given as { momentum?: number }).momentum ?? 0.9;
  return { name: "sgd", momentum, weightDecay };
}

/** The learning rate, where no stages set it. */
export function rateOfFlags(flags: TrainFlags, config: TrialConfig, optimizer: string): TrialRate {
  if (flags.learningRate === undefined)
    return config.learningRate ?? config.optimizer?.learningRate ?? (optimizer === "adam" ? 1e-3 : 0.1);
  const { spec } = parseLearningRate(flags.learningRate);
  if (typeof spec === "object" && "staged" in spec)
    throw new RangeError(`Expected --stages for a rate in stages but found --learning-rate ${flags.learningRate}`);
  return spec as TrialRate;
}
