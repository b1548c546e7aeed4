import type { StagePlan } from "../../amplification";
import type { TrialSpec, TrialStages } from "../../experiments";
import type { TrainFlags } from "./flags";
import { optimizerOfFlags, rateOfFlags } from "./optimizer-of-flags";

/** The schedule that flags or the configuration describe; null for none. */
export async function stagesOfFlags(flags: TrainFlags, config: Partial<TrialSpec>): Promise<TrialStages | null> {
  const { strategy, stages, amplify, directionality } = flags;
  const chosen = Object.entries({ strategy, stages, amplify, directionality }).filter(
    ([, value]) => value !== undefined,
  );
  if (chosen.length === 0) {
    return flags.epochs !== undefined || flags.learningRate !== undefined ? null : (config.stages ?? null);
  }
  if (chosen.length > 1 && !(chosen.length === 2 && stages && directionality))
    throw new TypeError(`Expected one schedule but found --${chosen.map(([name]) => name).join(" and --")}`);
  const amplification = await import("../../amplification/index.js");
  const { group, factor = 2, scope = "backprop", epochScale = 1 } = flags;
  const common = { scope, ...(group === undefined ? {} : { group: group as never }) };
  if (directionality !== undefined) {
    const { threshold, sides = "one", reselect, schedule = stages ?? "params1" } = flags;
    if (threshold === undefined) throw new TypeError("Expected --threshold with --directionality but found none");
    const rule = {
      directionality,
      sides,
      threshold,
      reselect: reselect === undefined ? ("stage" as const) : { epochs: reselect },
    };
    return planToStages(
      amplification.intelligentStages({
        ...rule,
        ...common,
        schedule,
        epochScale,
        ...(flags.factor ? { ampFactor: factor } : {}),
      }),
    );
  }
  if (strategy !== undefined)
    return planToStages(amplification.strategy(strategy, { ...common, ampFactor: factor, epochScale }));
  if (stages !== undefined) {
    const list = amplification.scaleEnds(amplification.parseStages(stages, flags.factor ? { factor } : {}), epochScale);
    return planToStages(amplification.stages(list, common));
  }
  const epochs = flags.epochs ?? config.epochs ?? 10;
  const rate = await rateOfFlags(flags, config.learningRate, optimizerOfFlags(flags, config.optimizer).name);
  if (typeof rate !== "number")
    throw new TypeError("Expected a constant --learning-rate with --amplify but found a schedule");
  return planToStages(amplification.stages([[epochs, rate, amplify!, factor]], common));
}

function planToStages({ stages, group, scope, resetOptimizer, intelligent }: StagePlan): TrialStages {
  return {
    list: stages.map(({ end, learningRate, ampRatio, ampFactor }) => [end, learningRate, ampRatio, ampFactor]),
    group: group as TrialStages["group"],
    scope,
    resetOptimizer,
    intelligent,
  };
}
