import { oneOf } from "../../options";
import type { CheckedStage, Stage } from "./stage";

export const ratesOf = oneOf("stages", "optimizer");
/** Who says the learning rate: the stages, or the optimizer's own schedule. */
export type RatesOf = "stages" | "optimizer";

/** Stages with their rates, or without, so that the optimizer's own schedule holds. */
export function withRates(stages: readonly Stage[], rates: RatesOf): CheckedStage[] {
  ratesOf.read(rates, "rates");
  return stages.map((stage) => ({ ...stage, learningRate: rates === "stages" ? (stage.learningRate ?? null) : null }));
}
