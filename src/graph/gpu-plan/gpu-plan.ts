import { planningForGpu } from "../../tensorflow";
import { noteFunctions } from "./noted-functions";
import { type FunctionPlan, planFunction } from "./plan-function";

/** What a piece of work would ask of a card. */
export interface GpuPlan<Result> {
  readonly result: Result;
  /** Every function that was compiled, in order; of a loop its condition and its body, which run once a step. */
  readonly functions: readonly FunctionPlan[];
}

/**
 * Plans what some work compiles as for a GPU, whether one is there or not: loops are compiled and not run, as if all
 * their steps had been done and left every variable as it was. Nothing else may train meanwhile.
 */
export async function planForGpu<Result>(work: () => Promise<Result>): Promise<GpuPlan<Result>> {
  const functions: FunctionPlan[] = [];
  const result = await planningForGpu(() => noteFunctions((each) => functions.push(planFunction(each)), work));
  return { result, functions };
}
