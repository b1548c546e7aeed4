import type { Batch } from "../datasets";
import type { Tensor } from "../tensorflow";

/** What a model is to give for a batch: one tensor, or a list for several outputs. */
export function soughtIn({ targets, moreTargets }: Batch): Tensor | Tensor[] {
  return moreTargets.length === 0 ? targets : [targets, ...moreTargets];
}
