import type { TrialOptimizer, TrialRate } from "../../experiments";
import { OPTIMIZER_NAMES, OPTIMIZERS, type OptimizerName, parseLearningRate } from "../../spec";
import { dashed, type TrainFlags } from "./flags";
import type { TrialConfig } from "./trial-config";

/** Settings that have flags. */
const FLAGS = ["momentum", "nesterov", "weightDecay", "decayed"] as const;
/** What the papers' trials say of their optimizers, also where it is the default. */
const SAID = { sgd: { momentum: 0.9, weightDecay: 0 }, adam: { weightDecay: 0 } } as const;

/** The optimizer that flags name, which replaces the configuration's; what they leave open is as that has it. */
export function optimizerOfFlags(flags: TrainFlags, config: TrialConfig["optimizer"]): TrialOptimizer {
  const name = flags.optimizer ?? config?.name ?? "sgd";
  const { learningRate: _, ...given } = config?.name === name ? config : { name };
  const set = FLAGS.filter((flag) => flags[flag] !== undefined);
  for (const flag of set) {
    const takers = OPTIMIZER_NAMES.filter((other) => Object.hasOwn(OPTIMIZERS[other], flag));
    if (!takers.includes(name))
      throw new TypeError(`Expected --${dashed(flag)} with ${takers.join(" or ")} but found it with ${name}`);
  }
  const said = Object.hasOwn(SAID, name) ? SAID[name as keyof typeof SAID] : {};
  return { ...said, ...given, ...Object.fromEntries(set.map((flag) => [flag, flags[flag]])), name } as TrialOptimizer;
}

/** The learning rate, where no stages set it. */
export function rateOfFlags(flags: TrainFlags, config: TrialConfig, optimizer: OptimizerName): TrialRate {
  if (flags.learningRate === undefined)
    return config.learningRate ?? config.optimizer?.learningRate ?? OPTIMIZERS[optimizer].learningRate.default;
  const { spec } = parseLearningRate(flags.learningRate);
  if (typeof spec === "object" && "staged" in spec)
    throw new RangeError(`Expected --stages for a rate in stages but found --learning-rate ${flags.learningRate}`);
  return spec as TrialRate;
}
