import { above0, checkOptions, show } from "../../options";
import { ampFactor as factorKind } from "../amplification";
import { scaleEnds } from "./scale-ends";
import { PLAN_KINDS, type StagePlan, type StagePlanOptions, stages } from "./stages";
import { ratesOf, type RatesOf, withRates } from "./with-rates";

/** 0, 1, or a share with its point: "07" would be read as 7 where 0.7 is meant. */
const SHARE = String.raw`0|1|[01]?\.\d+`;
const NAME = new RegExp(`^S(?:1_(?<only>${SHARE})|2_(?<first>${SHARE})_(?<second>${SHARE}))$`);

/** What a schedule of the 2020 paper leaves open. */
export interface StrategyOptions extends StagePlanOptions {
  /** Γ in the amplified stages. Default: 2. */
  ampFactor?: number;
  /**
   * `"stages"`: the paper's; `"optimizer"`: the optimizer's own schedule holds in all stages. Default: `"stages"`.
   */
  rates?: RatesOf;
  /** Multiplies all ends (halves rounded down), to try a schedule in fewer epochs. Default: 1. */
  epochScale?: number;
}

/**
 * A schedule of 150 epochs by its name in the 2020 paper.
 *
 * `S1_mm` amplifies a share mm of the group in epochs 51–100; `S2_mm_nn` a share mm in 51–100 and nn in 101–130.
 * η is 0.1 up to epoch 100 and 0.01 after it.
 *
 * Source: Basodi et al. 2020, phases 1 and 2.
 *
 * @param name `"S1_0.7"` or `"S2_0.3_0.5"`: the ratios of the amplified stages
 * @param options group, scope, and what {@link StrategyOptions} adds
 * @throws {RangeError} if the name is not of that form or a ratio lies outside [0, 1]
 *
 * @example
 * import * as ga from "gradamp";
 * const plan = ga.strategy("S2_0.3_0.5", { group: "bn", ampFactor: 2 });
 * console.log(plan.stages.map((stage) => stage.ampRatio)); // [0, 0.3, 0.5, 0]
 */
export function strategy(name: string, options: StrategyOptions = {}): StagePlan {
  checkOptions("strategy", options, { ...PLAN_KINDS, ampFactor: factorKind, epochScale: above0, rates: ratesOf });
  const { ampFactor = 2, epochScale = 1, rates = "stages", ...rest } = options;
  const found = NAME.exec(name)?.groups;
  if (!found) {
    throw new RangeError(`Expected a strategy of the form "S1_0.7" or "S2_0.1_0.3" but found ${show(name)}`);
  }
  const first = Number(found["only"] ?? found["first"]);
  const second = Number(found["second"] ?? 0);
  const list = [
    { end: 50, learningRate: 0.1, ampRatio: 0, ampFactor: 1 },
    { end: 100, learningRate: 0.1, ampRatio: first, ampFactor: first > 0 ? ampFactor : 1 },
    { end: 130, learningRate: 0.01, ampRatio: second, ampFactor: second > 0 ? ampFactor : 1 },
    { end: 150, learningRate: 0.01, ampRatio: 0, ampFactor: 1 },
  ];
  return stages(withRates(scaleEnds(list, epochScale), rates), rest);
}
