import type { TrialStages } from "../../experiments";
import {
  checkPlan,
  intelligentStages,
  parseStages,
  type RunAmplification,
  scaleEnds,
  type Stage,
  type StagePlan,
  stages as plan,
  strategy as strategyPlan,
} from "../../spec";
import { dashed, type TrainFlags } from "./flags";
import type { TrialConfig } from "./trial-config";

/** What amplifies in a trial: a schedule, or one amplification in all epochs, or nothing. */
export interface TrialAmplification {
  readonly stages: TrialStages | null;
  readonly amplify: RunAmplification | null;
}

/** What chooses a schedule, what changes its layers and strength, what its epochs, and what the rule of gradients. */
const CHOOSES = ["strategy", "stages", "ampRatio", "directionality"] as const;
const STRENGTH = ["group", "ampFactor", "scope"] as const;
const SCHEDULE = ["epochScale", "resetOptimizer"] as const;
const RULE = ["threshold", "sides", "reselect", "analyse", "schedule"] as const;

/**
 * The amplification that flags and the configuration describe. Every flag of it takes effect, or is refused.
 *
 * @throws {TypeError | RangeError} if a flag's value is of the wrong kind or out of range
 */
export function amplificationOfFlags(flags: TrainFlags, config: TrialConfig): TrialAmplification {
  const chosen = CHOOSES.filter((name) => flags[name] !== undefined);
  if (chosen.length > 1 && chosen.join() !== "stages,directionality")
    throw new TypeError(`Expected one schedule but found ${chosen.map(flag).join(" and ")}`);
  const rules = flags.directionality !== undefined;
  const before = config.stages ? checkPlan(config.stages as unknown as StagePlan, "stages") : null;
  if (!rules && !(chosen.length === 0 && before?.intelligent)) refuse(flags, RULE, "--directionality");
  if (flags.ampRatio !== undefined) return { stages: null, amplify: inAllEpochs(flags, config) };
  if (chosen.length === 0 && !before) return { stages: null, amplify: unscheduled(flags, config) };
  for (const name of ["epochs", "learningRate"] as const)
    if (flags[name] !== undefined) {
      const why = name === "epochs" ? "the last stage's end is the number of epochs; --epoch-scale multiplies it" : "stages set the rate"; // prettier-ignore
      throw new TypeError(`Expected stages or ${flag(name)} but found both: ${why}`);
    }
  return { stages: toTrialStages(scheduled(flags, before)), amplify: null };
}

const flag = (name: string) => `--${dashed(name)}`;

/** Refuses flags that would do nothing without another. */
function refuse(flags: TrainFlags, names: readonly (keyof TrainFlags)[], wanted: string): void {
  const idle = names.find((name) => flags[name] !== undefined);
  if (idle !== undefined)
    throw new TypeError(`Expected ${wanted} with ${flag(idle)} but found none: it would do nothing`);
}

/** What --amp-ratio says, with what a configuration says of amplification in all epochs. */
function inAllEpochs(flags: TrainFlags, config: TrialConfig): RunAmplification {
  refuse(flags, SCHEDULE, "--strategy, --stages or --directionality");
  const group = (flags.group ?? config.amplify?.group ?? config.stages?.group) as RunAmplification["group"] | undefined;
  if (!group) throw new TypeError("Expected --group with --amp-ratio but found none: --group bn, say");
  return { ...config.amplify, group, ampRatio: flags.ampRatio!, ...strength(flags) };
}

/** Where flags choose no schedule and the configuration has none. */
function unscheduled(flags: TrainFlags, config: TrialConfig): RunAmplification | null {
  refuse(flags, SCHEDULE, "stages");
  if (config.amplify) return { ...config.amplify, ...strength(flags) };
  refuse(flags, STRENGTH, "--amp-ratio, --strategy, --stages or --directionality");
  return null;
}

function strength({ group, ampFactor, scope }: TrainFlags): Partial<RunAmplification> {
  return {
    ...(group === undefined ? {} : { group: group as NonNullable<RunAmplification["group"]> }),
    ...(ampFactor === undefined ? {} : { ampFactor }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** A schedule of the flags' own, or the configuration's as flags change it. */
function scheduled(flags: TrainFlags, before: StagePlan | null): StagePlan {
  const { strategy, stages, directionality, ampFactor, group, scope, resetOptimizer, epochScale = 1 } = flags;
  const common = {
    ...(group === undefined ? {} : { group: group as never }),
    ...(scope === undefined ? {} : { scope }),
    ...(resetOptimizer === undefined ? {} : { resetOptimizer }),
  };
  if (directionality !== undefined && !(before?.intelligent && flags.schedule === undefined && stages === undefined)) {
    const { threshold, sides = "one", reselect, analyse } = flags;
    if (threshold === undefined) throw new TypeError("Expected --threshold with --directionality but found none");
    if (flags.schedule !== undefined && stages !== undefined)
      throw new TypeError("Expected one schedule but found --schedule and --stages");
    const own = before && flags.schedule === undefined && stages === undefined ? before : null;
    return intelligentStages({
      ...{ directionality, sides, threshold, epochScale },
      schedule: flags.schedule ?? stages ?? own?.stages ?? "params1",
      ...(own ? { scope: own.scope, resetOptimizer: own.resetOptimizer } : {}),
      ...(own?.group ? { group: own.group } : {}),
      ...common,
      ...(reselect === undefined ? {} : { reselect: { epochs: reselect } }),
      ...(analyse === undefined ? {} : { analyse }),
      ...(ampFactor === undefined ? {} : { ampFactor }),
    });
  }
  if (strategy !== undefined)
    return strategyPlan(strategy, { ...common, epochScale, ...(ampFactor === undefined ? {} : { ampFactor }) });
  if (stages !== undefined) {
    const list = parseStages(stages, ampFactor === undefined ? {} : { factor: ampFactor });
    return plan(stronger(scaleEnds(list, epochScale), flags), common);
  }
  return changed(before!, flags, common);
}

/** The configuration's schedule as flags change it. */
function changed(before: StagePlan, flags: TrainFlags, common: object): StagePlan {
  const { epochScale = 1, threshold, sides, reselect, analyse, directionality } = flags;
  if (!before.stages.some(({ ampRatio }) => ampRatio > 0)) refuse(flags, STRENGTH, "a stage that amplifies");
  const rule = before.intelligent && {
    ...before.intelligent,
    ...(directionality === undefined ? {} : { directionality }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(sides === undefined ? {} : { sides }),
    ...(reselect === undefined ? {} : { reselect: { epochs: reselect } }),
    ...(analyse === undefined ? {} : { analyse }),
  };
  const least = ({ ampRatio }: Stage) => (rule && ampRatio > 0 ? 2 : 1);
  const list = stronger(scaleEnds(before.stages, epochScale, least), flags);
  return checkPlan({ ...before, ...common, stages: list, intelligent: rule });
}

/** Stages with --amp-factor in those that amplify. */
function stronger(list: readonly Stage[], flags: TrainFlags): Stage[] {
  const { ampFactor } = flags;
  if (ampFactor === undefined) return [...list];
  if (!list.some(({ ampRatio }) => ampRatio > 0)) refuse(flags, ["ampFactor"], "a stage that amplifies");
  return list.map((stage) => (stage.ampRatio > 0 ? { ...stage, ampFactor } : stage));
}

function toTrialStages({ stages, group, scope, resetOptimizer, intelligent }: StagePlan): TrialStages {
  return {
    list: stages.map(({ end, learningRate, ampRatio, ampFactor }) => [end, learningRate, ampRatio, ampFactor]),
    group: group as TrialStages["group"],
    scope,
    resetOptimizer,
    intelligent,
  };
}
