import type { DirectionalityRule } from "../spec";

/** What an epoch of an intelligently amplified stage does. */
export interface AnalysisEpoch {
  /** Whether the layers selected last are amplified. */
  readonly amplifies: boolean;
  /** Whether this epoch's gradients are summed, and layers selected from them at its end. */
  readonly analyses: boolean;
}

/**
 * What an epoch of a stage does under a rule. The first epoch of a stage is analysed without amplification and its
 * result holds from the next epoch on; the last epoch of a stage is not analysed, for nobody would use it.
 *
 * Source: Basodi et al. 2023, section 4: "gradients in the 51st epoch are analyzed … until 100th epoch".
 *
 * @param stage first and last epoch, counted from 1, both inclusive
 */
export function analysisEpoch(
  rule: DirectionalityRule,
  stage: { readonly first: number; readonly last: number },
  epoch: number,
): AnalysisEpoch {
  const offset = epoch - stage.first;
  const every = rule.reselect === "stage" ? Number.POSITIVE_INFINITY : rule.reselect.epochs;
  const pauses = offset === 0 || (rule.analyse === "pause" && offset % every === 0);
  const due = pauses || (rule.analyse === "continue" && (offset + 1) % every === 0);
  return { amplifies: !pauses, analyses: due && epoch < stage.last };
}
