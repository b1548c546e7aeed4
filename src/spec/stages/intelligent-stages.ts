import { ampFactor as factorKind, type Group, type Scope } from "../amplification";
import {
  above0,
  anyText,
  anything,
  checkOptions,
  either,
  type KindsOf,
  listOf,
  nearest,
  orNull,
  required,
  show,
} from "../../options";
import { checkRule, RULE, type Directionality, type DirectionalityRule, type Sides } from "./directionality-rule";
import { scaleEnds } from "./scale-ends";
import { parseStages } from "./stage-notation";
import type { CheckedStage, Stage } from "./stage";
import { checkPlan, PLAN_KINDS, type StagePlan, type StageTuple } from "./stages";
import { ratesOf, type RatesOf, withRates } from "./with-rates";

/** The schedules of the 2023 paper: params₁ for VGG-19, ResNet-18 and -34, params₂ for ResNet-50 and -101. */
export const INTELLIGENT_SCHEDULES = {
  params1: "[(50, 0.1, 0, 1), (100, 0.1, amp, 2), (130, 0.01, amp, 2), (150, 0.01, 0, 1)]",
  params2: "[(10, 0.1, 0, 1), (100, 0.1, amp, 2), (145, 0.01, amp, 2), (150, 0.01, 0, 1)]",
} as const;

/** What {@link intelligentStages} is told. */
export interface IntelligentStagesOptions {
  /** G, G′ (`"GPrime"`), or `"GNet"`: G with the absolute value around the sum over the whole layer. */
  directionality: Directionality;
  /** `"one"`: case 1, Ĝ > threshold; `"both"`: case 2, |Ĝ| > threshold. */
  sides: Sides;
  /** On the normalised ratio; 0.7 to 3 in the paper. */
  threshold: number;
  /**
   * `"params1"`, `"params2"`, or stages of one's own, in which a ratio above 0 (in text: `amp` or `is_amp`)
   * says that a stage amplifies. Default: `"params1"`.
   */
  schedule?: keyof typeof INTELLIGENT_SCHEDULES | readonly (Stage | StageTuple)[] | string;
  /** Γ in the amplified stages. Default: what the schedule says, 2 in the paper's. */
  ampFactor?: number;
  /**
   * `"stage"`, or `{ epochs: 2 }` for a new selection every 2 epochs, counted anew at each stage. Default: `"stage"`.
   */
  reselect?: DirectionalityRule["reselect"];
  /**
   * `"continue"` or `"pause"`: whether later analyses switch amplification off for their epoch. Default: `"continue"`.
   */
  analyse?: DirectionalityRule["analyse"];
  /** Narrows the layers considered; null for all that have trainable weights. Default: null. */
  group?: Group | null;
  /** Default: `"backprop"`. */
  scope?: Scope;
  /** Default: true, as in the papers. */
  resetOptimizer?: boolean;
  /**
   * Multiplies all ends (halves rounded down), to try a schedule in fewer epochs. Default: 1. Amplified stages keep 2
   * epochs, one to analyse and one to amplify.
   */
  epochScale?: number;
  /**
   * `"stages"`, as the schedule says, or `"optimizer"`, whose own schedule then holds in all stages. Default: `"stages"`.
   */
  rates?: RatesOf;
}

/**
 * A schedule whose amplified layers are chosen by the direction of their gradients.
 *
 * The first epoch of an amplified stage is trained without amplification while the gradients of each layer are summed.
 * From the sums come G (or G′), 1 for a layer whose gradients always point the same way and 0 for one whose gradients
 * cancel out; normalised over the layers and held against the threshold they say which layers are amplified in the rest
 * of the stage.
 *
 * Source: Basodi et al. 2023, eq. 4–9, Algorithm 1 and section 4.
 *
 * @param options the rule by which layers are chosen, and the schedule
 * @throws {RangeError} if a value makes no sense, or an amplified stage is too short to analyse and amplify
 *
 * @example
 * import * as ga from "gradamp";
 * const plan = ga.intelligentStages({ directionality: "G", sides: "one", threshold: 1.5 });
 * console.log(ga.printStages(plan));
 * // [(50, 0.1, 0, 1), (100, 0.1, amp, 2), (130, 0.01, amp, 2), (150, 0.01, 0, 1)]
 */
export function intelligentStages(options: IntelligentStagesOptions): StagePlan {
  checkOptions("intelligentStages", options, KINDS);
  const { directionality, sides, threshold, schedule = "params1", reselect = "stage", analyse = "continue" } = options;
  const {
    group = null,
    scope = "backprop",
    resetOptimizer = true,
    epochScale = 1,
    ampFactor,
    rates = "stages",
  } = options;
  checkRule({ directionality, sides, threshold, reselect, analyse });
  const list = withRates(stagesOf(schedule), rates).map((stage) =>
    stage.ampRatio > 0 ? { ...stage, ampRatio: 1, ampFactor: ampFactor ?? stage.ampFactor } : stage,
  );
  return checkPlan({
    stages: scaleEnds(list as CheckedStage[], epochScale, ({ ampRatio }) => (ampRatio > 0 ? 2 : 1)),
    group,
    scope,
    resetOptimizer,
    intelligent: { directionality, sides, threshold, reselect, analyse },
  });
}

const KINDS: KindsOf<IntelligentStagesOptions> = {
  ...PLAN_KINDS,
  directionality: required(RULE.directionality.kind),
  sides: required(RULE.sides.kind),
  threshold: required(RULE.threshold.kind),
  reselect: RULE.reselect.kind,
  analyse: RULE.analyse.kind,
  group: orNull(PLAN_KINDS.group),
  schedule: either(anyText, listOf(anything), "to be the name of a schedule, or a list of stages"),
  ampFactor: factorKind,
  epochScale: above0,
  rates: ratesOf,
};

function stagesOf(schedule: NonNullable<IntelligentStagesOptions["schedule"]>): Stage[] {
  if (typeof schedule !== "string") {
    return schedule.map((stage) =>
      "end" in stage ? stage : { end: stage[0], learningRate: stage[1], ampRatio: stage[2], ampFactor: stage[3] },
    );
  }
  const known = INTELLIGENT_SCHEDULES as Record<string, string>;
  if (Object.hasOwn(known, schedule)) return parseStages(known[schedule]!, { amp: 1 });
  if (!schedule.includes("(")) {
    const near = nearest(schedule, Object.keys(known));
    throw new RangeError(
      `Expected schedule to be ${Object.keys(known).join(", ")} or stages like "[(50, 0.1, 0, 1), (100, 0.1, amp, 2)]" but found ${show(schedule)}` +
        (near === null ? "" : `: did you mean "${near}"?`),
    );
  }
  return parseStages(schedule, { amp: 1, is_amp: 1 });
}
