import type { LearningRate, LearningRateSpec } from "../spec";
import type { TrialSpec } from "./trial-spec";

/** The rate that a trial is known by: its first stage's, or that of its schedule; null where the optimizer's default is used. */
export function firstRate({ optimizer, stages }: TrialSpec): number | null {
  return stages?.stages[0]?.learningRate ?? rateOf(optimizer.learningRate);
}

function rateOf(rate: LearningRate | null | undefined): number | null {
  if (rate === null || rate === undefined || typeof rate === "number") return rate ?? null;
  if (typeof rate === "function" || "at" in rate) return null;
  const spec: Exclude<LearningRateSpec, number> = rate;
  if ("staged" in spec) return spec.staged[0]?.[1] ?? null;
  if ("each" in spec) return spec.each[0] ?? null;
  if ("own" in spec) return null;
  if ("cosine" in spec) return spec.cosine;
  if ("cosineRestarts" in spec) return spec.cosineRestarts;
  if ("polynomial" in spec) return spec.polynomial;
  if ("oneCycle" in spec) return spec.oneCycle;
  return rateOf(spec.warmUp);
}
