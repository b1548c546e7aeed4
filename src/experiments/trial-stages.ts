import { checkPlan, type StagePlan, stages } from "../amplification";
import type { TrialStages } from "./trial-spec";

/** The schedule that a trial's stages describe. */
export function trialStages({ list, group, scope, resetOptimizer, intelligent }: TrialStages): StagePlan {
  const options = { scope, resetOptimizer, ...(group === null ? {} : { group }) };
  if (!intelligent) return stages(list, options);
  const plain = list.map(([end, learningRate, ampRatio, ampFactor]) => ({ end, learningRate, ampRatio, ampFactor }));
  return checkPlan({ stages: plain, group, scope, resetOptimizer, intelligent });
}
