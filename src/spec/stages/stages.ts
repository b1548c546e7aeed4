import { ampFactor, ampRatio, type Group, groupName, scope as scopeKind, type Scope } from "../amplification";
import { checkNames, checkObject, checkOptions, type KindsOf, number, orNull, refuse, yesNo } from "../../options";
import { rule, type DirectionalityRule } from "./directionality-rule";
import type { CheckedStage, Stage } from "./stage";
import { parseStages } from "./stage-notation";

/** A whole schedule: its stages, what they amplify and how. */
export interface StagePlan {
  /** In order; each begins where the one before it ends. */
  readonly stages: readonly CheckedStage[];
  /**
   * The layers to choose from. Null where no stage amplifies, and where gradients decide over all layers that have
   * trainable weights.
   */
  readonly group: Group | null;
  /** Where the factor acts. */
  readonly scope: Scope;
  /** Whether every stage starts with an empty optimizer, as Algorithm 1 writes it. */
  readonly resetOptimizer: boolean;
  /** How gradients decide; null where layers are drawn at random. */
  readonly intelligent: DirectionalityRule | null;
}

/** What a plan needs beside its stages. */
export interface StagePlanOptions {
  /** The layers to choose from; needed as soon as one stage amplifies. Default: none. */
  group?: Group;
  /** Where the factor acts. Default: `"backprop"`. */
  scope?: Scope;
  /** Whether momentum starts anew at every stage. Default: true, as in the papers. */
  resetOptimizer?: boolean;
}

/** What each of these may be. */
export const PLAN_KINDS: KindsOf<StagePlanOptions> = { group: groupName, scope: scopeKind, resetOptimizer: yesNo };

/** A stage as the papers print it, `[end, η, β, Γ]`; η is null where the optimizer's own schedule says the rate. */
export type StageTuple = readonly [end: number, learningRate: number | null, ampRatio: number, ampFactor: number];

/**
 * A schedule from the papers' notation: `[[50, 0.1, 0, 1], [100, 0.1, 0.7, 2], [150, 0.01, 0, 1]]`, or the text that
 * they print, `"[(50, 0.1, 0, 1), (100, 0.1, 0.7, 2), (150, 0.01, 0, 1)]"`.
 *
 * Stages without a rate, `[[5, 0, 1], [10, 0.7, 2]]`, leave it to the optimizer's own schedule: they say what is amplified,
 * `ga.sgd({ learningRate: ga.cosine(0.1) })` says how fast is learnt.
 *
 * Source: Basodi et al. 2020, Algorithm 1 and section on training strategies.
 *
 * @param list stages, tuples `[end, η, β, Γ]`, or the text that the papers print
 * @param options group, scope and whether the optimizer is reset at each stage
 * @throws {RangeError} if ends do not increase, or a rate, ratio or factor is out of range
 * @throws {TypeError} if a stage amplifies and no group is given
 *
 * @example
 * import * as ga from "gradamp";
 * const plan = ga.stages([[5, 0.1, 0, 1], [10, 0.1, 0.7, 2], [15, 0.01, 0, 1]], { group: "bn" });
 * console.log(plan.stages.length);
 */
export function stages(
  list: readonly (Stage | StageTuple | readonly [end: number, ampRatio: number, ampFactor: number])[] | string,
  options: StagePlanOptions = {},
): StagePlan {
  checkOptions("stages", options, PLAN_KINDS);
  const { group = null, scope = "backprop", resetOptimizer = true } = options;
  const given = typeof list === "string" ? parseStages(list) : list;
  return checkPlan({ stages: given as readonly CheckedStage[], group, scope, resetOptimizer, intelligent: null });
}

const rate = number("to have a learning rate above 0", (value) => value > 0);
const group = orNull(groupName);

/**
 * The plan, once it is found to make sense; it may have been written by hand, with stages as the papers print them.
 *
 * @throws {TypeError | RangeError} if a value of the plan makes no sense
 */
export function checkPlan(plan: StagePlan, name = ""): StagePlan {
  const within = name === "" ? "" : `${name}.`;
  checkObject(plan, name === "" ? "a schedule" : name);
  // A schedule was written down with `list` once.
  const { list: old, ...given } = plan as StagePlan & { list?: readonly StageTuple[] };
  checkNames(given, ["stages", "group", "scope", "resetOptimizer", "intelligent"], name);
  if (old !== undefined && given.stages !== undefined)
    throw new TypeError(
      `Expected ${within}stages or ${within}list but found both: list is what stages were called before`,
    );
  const stagesGiven: unknown = given.stages ?? old;
  if (!Array.isArray(stagesGiven)) refuse(`${within}stages`, "to be a list of stages", stagesGiven, false);
  const intelligent = orNull(rule).read(given.intelligent ?? null, `${within}intelligent`);
  const checked = {
    stages: checkStages(stagesGiven as readonly (Stage | StageTuple)[], intelligent !== null),
    group: group.read(given.group ?? null, `${within}group`),
    scope: scopeKind.read(given.scope ?? "backprop", name === "" ? "amplification scope" : `${within}scope`),
    resetOptimizer: yesNo.read(given.resetOptimizer ?? true, `${within}resetOptimizer`),
    intelligent,
  };
  if (checked.group === null && !intelligent && checked.stages.some((stage) => stage.ampRatio > 0)) {
    throw new TypeError(`Expected a group of layers for stages that amplify but found none: pass { group: "bn" }, say`);
  }
  return checked;
}

function checkStages(list: readonly (Stage | StageTuple)[], intelligent: boolean): CheckedStage[] {
  if (list.length === 0) throw new RangeError("Expected at least one stage but found none");
  const found = list.map((stage, index) => stageOf(stage, `stage ${index + 1}`));
  const lacking = found.findIndex(({ learningRate }) => learningRate === null);
  if (lacking >= 0 && found.some(({ learningRate }) => learningRate !== null))
    throw new RangeError(
      `Expected a learning rate in all stages or in none but found none in stage ${lacking + 1}: without one the ` +
        "optimizer's own schedule holds in all of them",
    );
  found.forEach((stage, index) => {
    const what = `stage ${index + 1}`;
    const before = found[index - 1]?.end ?? 0;
    if (!Number.isInteger(stage.end) || stage.end <= before) {
      throw new RangeError(
        `Expected ${what} to end after epoch ${before} but found end ${stage.end}: ends are whole epochs, ` +
          `counted from 1, that increase`,
      );
    }
    if (stage.learningRate !== null) rate.read(stage.learningRate, what);
    ampRatio.read(stage.ampRatio, "amplification ratio");
    ampFactor.read(stage.ampFactor, "amplification factor");
    if (intelligent && stage.ampRatio > 0 && stage.end - before < 2) {
      throw new RangeError(
        `Expected ${what} to last 2 epochs or more but found 1: its first is analysed without amplification`,
      );
    }
  });
  return found;
}

function stageOf(stage: Stage | StageTuple, what: string): CheckedStage {
  if (!Array.isArray(stage)) {
    checkObject(stage, what);
    checkNames(stage, ["end", "learningRate", "ampRatio", "ampFactor"], what);
    return { ...(stage as Stage), learningRate: (stage as Stage).learningRate ?? null };
  }
  const given: readonly unknown[] = stage;
  if (given.length === 3) {
    const [end, ratio, factor] = given as [number, number, number];
    return { end, learningRate: null, ampRatio: ratio, ampFactor: factor };
  }
  if (given.length !== 4) refuse(what, "to be [end, learning rate, ratio, factor], or without the rate", stage, false);
  const [end, learningRate, ratio, factor] = stage as StageTuple;
  return { end, learningRate, ampRatio: ratio, ampFactor: factor };
}
