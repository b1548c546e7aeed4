import type { TrialSpec } from "./trial-spec";

/** The learning rate with which a trial begins; null where its optimizer's own default is used. */
export function firstRate({ optimizer, stages }: TrialSpec): number | null {
  const rate = stages?.stages[0]?.learningRate ?? optimizer.learningRate ?? null;
  return typeof rate === "object" && rate !== null && "cosine" in rate ? rate.cosine : (rate as number | null);
}
