import type { DirectionalityRule, Group, Scope } from "../../amplification";
import type { ResolvedOptions } from "../resolve-options";

/** A range of epochs in which rate and amplification stay the same. */
export interface StagePeriod {
  /** Counted from 0. */
  readonly index: number;
  /** First and last epoch, counted from 1, both inclusive. */
  readonly first: number;
  readonly last: number;
  /** Null where the optimizer's own schedule holds. */
  readonly learningRate: number | null;
  readonly ampRatio: number;
  readonly ampFactor: number;
  readonly group: Group | null;
  readonly scope: Scope;
  /** How gradients choose the layers; null where they are drawn at random, and where nothing is amplified. */
  readonly intelligent: DirectionalityRule | null;
  /** Whether the optimizer starts empty. */
  readonly resetOptimizer: boolean;
}

/** The stages of a run with their first epochs; a run without stages is one period. */
export function stagePeriods(options: Pick<ResolvedOptions, "stages" | "amplify" | "epochs">): StagePeriod[] {
  const { stages, amplify, epochs } = options;
  if (!stages) {
    return [
      {
        index: 0,
        first: 1,
        last: epochs,
        learningRate: null,
        ampRatio: amplify?.ampRatio ?? 0,
        ampFactor: amplify?.ampFactor ?? 1,
        group: amplify?.group ?? null,
        scope: amplify?.scope ?? "backprop",
        intelligent: null,
        resetOptimizer: false,
      },
    ];
  }
  return stages.stages.map(({ end, learningRate, ampRatio, ampFactor }, index) => ({
    index,
    first: (stages.stages[index - 1]?.end ?? 0) + 1,
    last: end,
    learningRate,
    ampRatio,
    ampFactor,
    group: stages.group,
    scope: stages.scope,
    intelligent: ampRatio > 0 ? stages.intelligent : null,
    resetOptimizer: stages.resetOptimizer,
  }));
}
