import { AMPLIFY, ampFactor, groupName } from "../amplification";
import {
  field,
  type Filled,
  type Kind,
  number,
  objectOf,
  orNull,
  readFields,
  refuse,
  text,
  yesNo,
} from "../../options";
import { rule } from "./directionality-rule";
import { intelligentStages } from "./intelligent-stages";
import { scaleEnds } from "./scale-ends";
import type { Stage } from "./stage";
import { parseStages } from "./stage-notation";
import { checkPlan, type StagePlan, type StageTuple, stages as planOf } from "./stages";
import { strategy as strategyPlan } from "./strategy";
import { ratesOf, withRates } from "./with-rates";

const list: Kind<string | readonly (Stage | StageTuple)[]> = {
  expected: 'to be a list of stages, or a text like "[(50, 0.1, 0, 1), (100, 0.1, 0.7, 2)]"',
  word: "list",
  read(value, name) {
    if (typeof value !== "string" && !Array.isArray(value)) refuse(name, this.expected, value, false);
    return value as string;
  },
  fromText: (word) => word,
};

/** A schedule as it may be written down: its stages, or what they are made of. */
export const SCHEDULE = {
  /** `{ end, learningRate, ampRatio, ampFactor }` or `[end, η, β, Γ]` each, or the text that the papers print. */
  stages: field(list, undefined, 'end, η, β and Γ of each, as the papers print them: "[(50, 0.1, 0, 1), (100, 0.1, 0.7, 2)]"', { flag: "--stages <list>" }), // prettier-ignore
  /** A schedule of the 2020 paper by its name, instead of stages. */
  strategy: field(text, undefined, "schedule of the 2020 paper, as S1_0.7 or S2_0.3_0.5", {
    flag: "--strategy <name>",
  }),
  /** Of the 2023 paper, instead of stages: `"params1"` (default where gradients decide) or `"params2"`. */
  schedule: field(
    text,
    undefined,
    "where gradients decide: params1, params2 or stages with amp for β; by default params1",
    {
      flag: "--schedule <name>",
    },
  ),
  /** Multiplies the ends of stages. Default: 1. */
  epochScale: field(
    number("to be above 0", (value) => value > 0),
    1,
    "multiplies the ends of stages",
    { flag: "--epoch-scale <number>" },
  ),
  /** Γ of the stages that amplify. Default: what the schedule says. */
  ampFactor: field(ampFactor, undefined, AMPLIFY.ampFactor.help, {
    flag: "--amp-factor <number>",
    oldFlag: "--factor",
  }),
  /** The layers to choose from; null where nothing amplifies, and where gradients decide over all layers. */
  group: field(orNull(groupName), null, AMPLIFY.group.help, { flag: "--group <name>" }),
  scope: AMPLIFY.scope,
  /** Whether every stage starts with an empty optimizer. Default: true, as in the papers. */
  resetOptimizer: field(yesNo, true, "start every stage with an empty optimizer", { flag: "--reset-optimizer" }),
  /** Whether the stages say the learning rate, or the optimizer's own schedule does in all of them. Default: `"stages"`. */
  rates: field(ratesOf, "stages", "who says the learning rate: the stages, or the optimizer's own schedule in all of them", { flag: "--rates <whose>" }), // prettier-ignore
  /** How gradients choose the layers; null where they are drawn at random. Default: null. */
  intelligent: field(orNull(rule), null, "how gradients choose the layers; null where they are drawn at random"),
} as const;

const SOURCES = ["stages", "strategy", "schedule"] as const;

/**
 * The schedule that is written down.
 *
 * @throws {TypeError | RangeError} if it makes no sense, or there is none or more than one
 */
function readSchedule(given: Readonly<Record<string, unknown>>, name: string): StagePlan {
  // What a schedule's stages were called before.
  const { list: old, ...now } = given;
  if (old !== undefined && now["stages"] !== undefined)
    throw new TypeError(
      `Expected ${name}.stages or ${name}.list but found both: list is what stages were called before`,
    );
  const found = readFields(SCHEDULE, old === undefined ? now : { ...now, stages: old }, { name });
  const { strategy, schedule, rates, epochScale, intelligent, group, scope, resetOptimizer } = found;
  const sources = [...SOURCES.filter((source) => found[source] !== undefined), ...(strategy !== undefined && intelligent ? ["intelligent"] : [])]; // prettier-ignore
  if (sources.length > 1) throw new TypeError(`Expected one schedule but found ${sources.join(" and ")}`);
  const factor = found.ampFactor === undefined ? {} : { ampFactor: found.ampFactor };
  const common = { scope, resetOptimizer, ...(group === null ? {} : { group }) };
  if (strategy !== undefined) return strategyPlan(strategy, { ...common, ...factor, epochScale, rates });
  if (intelligent && (typeof found.stages !== "object" || epochScale !== 1 || found.ampFactor !== undefined))
    return intelligentStages({ ...intelligent, ...common, ...factor, schedule: schedule ?? found.stages ?? "params1", epochScale, rates }); // prettier-ignore
  if (schedule !== undefined) throw new TypeError(`Expected ${name}.intelligent with ${name}.schedule but found none`);
  if (found.stages === undefined) throw new TypeError(`Expected ${name} to have stages or a strategy but found none`);
  if (typeof found.stages === "string") return planOf(withRates(stronger(scaleEnds(parseStages(found.stages, numberOf(factor)), epochScale), found), rates), common); // prettier-ignore
  const plan = checkPlan({ stages: found.stages as StagePlan["stages"], group, scope, resetOptimizer, intelligent });
  return { ...plan, stages: withRates(stronger(scaleEnds(plan.stages, epochScale), found), rates) };
}

/** What the word `factor` of the papers' notation stands for. */
const numberOf = ({ ampFactor: factor }: { ampFactor?: number }): Record<string, number> =>
  factor === undefined ? {} : { factor };

/** Stages with a Γ of their own in those that amplify. */
function stronger(plan: readonly Stage[], { ampFactor: factor }: Filled<typeof SCHEDULE>): readonly Stage[] {
  if (factor === undefined) return plan;
  if (!plan.some(({ ampRatio }) => ampRatio > 0))
    throw new TypeError("Expected a stage that amplifies with ampFactor but found none: it would do nothing");
  return plan.map((stage) => (stage.ampRatio > 0 ? { ...stage, ampFactor: factor } : stage));
}

/** A schedule as an option. */
export const stagePlan: Kind<StagePlan> & { readonly fields: typeof SCHEDULE } = {
  ...objectOf(SCHEDULE),
  expected: "to be a schedule, as of ga.stages, ga.strategy or ga.intelligentStages",
  read: (value, name) => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Promise)
      refuse(
        name,
        stagePlan.expected,
        value,
        false,
        typeof value === "string" ? "pass ga.strategy or ga.stages of it" : "",
      );
    return readSchedule(value as Record<string, unknown>, name);
  },
};
