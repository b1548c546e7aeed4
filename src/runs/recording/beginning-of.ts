import type { SelectionRow } from "../../rows";
import { analysisEpoch, type StagePlan } from "../../amplification";
import { type LearningRate, toSchedule } from "../../spec";

/**
 * What was done in a run's first epochs, and nothing of how it was asked for: the rate of each, where the optimizer was
 * emptied, which layers were amplified and how much.
 *
 * @param options as `run.json` describes them
 * @param selections the layers selected for these epochs
 */
export function beginningOf(
  options: Readonly<Record<string, unknown>>,
  epochs: number,
  selections: readonly SelectionRow[],
): Record<string, unknown> {
  const { epochs: total, optimizer, stages, amplify, validate, test, ...rest } = options;
  const { learningRate, ...settings } = optimizer as { name: string; learningRate: LearningRate };
  const plan = (stages ?? null) as StagePlan | null;
  const scope = plan?.scope ?? (amplify as { scope?: string } | null)?.scope;
  const staged = plan !== null && plan.stages[0]!.learningRate !== null;
  const own = staged || settings.name.startsWith("tf.train.") ? null : toSchedule(learningRate);
  // By the step, the whole schedule decides each epoch.
  const rate = (epoch: number) =>
    own?.atStep
      ? { schedule: learningRate, of: total }
      : (own?.at(epoch, total as number) ?? (learningRate as number | null));
  return {
    ...rest,
    // Before the last epoch "end" evaluates nothing, as "never".
    evaluated: { validation: validate === "epoch", test: test === "epoch" },
    optimizer: settings,
    each: Array.from({ length: epochs }, (_, at) => {
      const epoch = at + 1;
      const index = plan ? plan.stages.findIndex(({ end }) => epoch <= end) : 0;
      const amplified = amplifiedIn(plan, index, epoch, selections);
      return {
        ...(staged ? { rate: plan.stages[index]?.learningRate ?? null } : { rate: rate(epoch) }),
        emptied: plan !== null && isEmptied(plan, index, epoch),
        amplified: amplified.length > 0 ? { layers: amplified.map(({ layer }) => layer), scope } : null,
        factor: amplified[0]?.ampFactor ?? 1,
      };
    }),
  };
}

function isEmptied({ stages, resetOptimizer }: StagePlan, index: number, epoch: number): boolean {
  const first = (stages[index - 1]?.end ?? 0) + 1;
  return resetOptimizer && epoch === first && epoch > 1;
}

/** The layers amplified in an epoch, as the selection in force there has them. */
function amplifiedIn(
  plan: StagePlan | null,
  index: number,
  epoch: number,
  selections: readonly SelectionRow[],
): SelectionRow[] {
  const stage = plan?.stages[index];
  const period = { first: (plan?.stages[index - 1]?.end ?? 0) + 1, last: stage?.end ?? Infinity };
  if (plan?.intelligent && !analysisEpoch(plan.intelligent, period, epoch).amplifies) return [];
  const past = selections.filter((row) => row.stage === index && row.epoch <= epoch);
  const latest = Math.max(...past.map((row) => row.epoch));
  // What is multiplied by 1 is not amplified.
  return past.filter((row) => row.epoch === latest && row.selected && row.ampFactor !== 1);
}
