import { checkFactor, checkRatio, checkScope, type Scope } from "./check-amplification";
import { checkRule, type DirectionalityRule } from "./directionality-rule";
import type { Group } from "./group";
import { parseStages } from "./stage-notation";

/** One stage of a training schedule. */
export interface Stage {
  /** The last epoch of the stage, counted from 1 and inclusive. */
  end: number;
  /** η. */
  learningRate: number;
  /** β, the share of the group that is amplified; 0 amplifies nothing.  Where gradients decide, 1 for a stage that amplifies. */
  ampRatio: number;
  /** Γ. */
  ampFactor: number;
}

/** A whole schedule: its stages, what they amplify and how. */
export interface StagePlan {
  readonly stages: readonly Stage[];
  /**
   * The layers to choose from.  Null where no stage amplifies, and where gradients decide over all layers that have
   * trainable weights.
   */
  readonly group: Group | null;
  readonly scope: Scope;
  /** Whether every stage starts with an empty optimizer, as Algorithm 1 writes it. */
  readonly resetOptimizer: boolean;
  /** How gradients decide; null where layers are drawn at random. */
  readonly intelligent: DirectionalityRule | null;
}

/** What a plan needs beside its stages. */
export interface StagePlanOptions {
  /** The layers to choose from; needed as soon as one stage amplifies. */
  group?: Group;
  /** `"backprop"` by default. */
  scope?: Scope;
  /** True by default, as in the papers: momentum starts anew at every stage. */
  resetOptimizer?: boolean;
}

/** A stage as the papers print it: `[end, η, β, Γ]`. */
export type StageTuple = readonly [end: number, learningRate: number, ampRatio: number, ampFactor: number];

/**
 * A schedule from the papers' notation: `[[50, 0.1, 0, 1], [100, 0.1, 0.7, 2], [150, 0.01, 0, 1]]`, or the text that they
 * print, `"[(50, 0.1, 0, 1), (100, 0.1, 0.7, 2), (150, 0.01, 0, 1)]"`.
 *
 * Source: Basodi et al. 2020, Algorithm 1 and section on training strategies.
 *
 * @throws {RangeError} if ends do not increase, or a rate, ratio or factor is out of range
 * @throws {TypeError} if a stage amplifies and no group is given
 *
 * @example
 * import * as ga from "gradamp";
 * const plan = ga.stages([[5, 0.1, 0, 1], [10, 0.1, 0.7, 2], [15, 0.01, 0, 1]], { group: "bn" });
 * console.log(plan.stages.length);
 */
export function stages(list: readonly (Stage | StageTuple)[] | string, options: StagePlanOptions = {}): StagePlan {
  const { group = null, scope = "backprop", resetOptimizer = true } = options;
  const given = typeof list === "string" ? parseStages(list) : list;
  return checkPlan({
    stages: given.map((stage) => ("end" in stage ? { ...stage } : fromTuple(stage))),
    group,
    scope,
    resetOptimizer,
    intelligent: null,
  });
}

/** The plan itself, once it is found to make sense; it may have been written by hand. */
export function checkPlan(plan: StagePlan): StagePlan {
  const { stages: list, group, scope, intelligent = null } = plan;
  checkScope(scope);
  if (list.length === 0) throw new RangeError("Expected at least one stage but found none");
  list.forEach((stage, index) => {
    const before = list[index - 1]?.end ?? 0;
    if (!Number.isInteger(stage.end) || stage.end <= before) {
      throw new RangeError(
        `Expected stage ${index + 1} to end after epoch ${before} but found end ${stage.end}: ends are whole epochs, ` +
          `counted from 1, that increase`,
      );
    }
    if (!(Number.isFinite(stage.learningRate) && stage.learningRate > 0)) {
      throw new RangeError(
        `Expected stage ${index + 1} to have a learning rate above 0 but found ${stage.learningRate}`,
      );
    }
    checkRatio(stage.ampRatio);
    checkFactor(stage.ampFactor);
    if (intelligent && stage.ampRatio > 0 && stage.end - before < 2) {
      throw new RangeError(
        `Expected stage ${index + 1} to last 2 epochs or more but found 1: its first is analysed without amplification`,
      );
    }
  });
  if (intelligent) checkRule(intelligent);
  if (group === null && !intelligent && list.some((stage) => stage.ampRatio > 0)) {
    throw new TypeError(`Expected a group of layers for stages that amplify but found none: pass { group: "bn" }, say`);
  }
  return { ...plan, intelligent };
}

function fromTuple([end, learningRate, ampRatio, ampFactor]: StageTuple): Stage {
  return { end, learningRate, ampRatio, ampFactor };
}
