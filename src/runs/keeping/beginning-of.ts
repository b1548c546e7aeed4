import type { AmplifyOptions, StagePlan } from "../../amplification";
import { parseLearningRate } from "../../training";

/**
 * What of a run's options decides its first epochs, and nothing else: the rate of each, where the optimizer is emptied,
 * and what is amplified.
 *
 * @param options as `run.json` describes them
 */
export function beginningOf(options: Readonly<Record<string, unknown>>, epochs: number): Record<string, unknown> {
  const { epochs: total, optimizer, stages, amplify, validate, test, ...rest } = options;
  const { learningRate, ...settings } = optimizer as { name: string; learningRate: string | number };
  const plan = (stages ?? null) as StagePlan | null;
  const own = settings.name.startsWith("tf.train.") || plan ? null : parseLearningRate(String(learningRate));
  return {
    ...rest,
    // Rows of epochs before the last are the same under "end" and "never".
    evaluated: { validation: validate === "epoch", test: test === "epoch" },
    optimizer: own || plan ? settings : { ...settings, learningRate },
    each: Array.from({ length: epochs }, (_, at) => {
      const epoch = at + 1;
      if (!plan) return { rate: own?.at(epoch, total as number), amplify: (amplify ?? null) as AmplifyOptions | null };
      return ofStage(plan, epoch);
    }),
  };
}

function ofStage(plan: StagePlan, epoch: number) {
  const index = plan.stages.findIndex(({ end }) => epoch <= end);
  const stage = plan.stages[index];
  if (!stage) return null;
  const first = (plan.stages[index - 1]?.end ?? 0) + 1;
  const { ampRatio, ampFactor, learningRate: rate } = stage;
  return {
    rate,
    emptied: plan.resetOptimizer && epoch === first && epoch > 1,
    amplify: ampRatio > 0 ? { stage: index, ampRatio, ampFactor, group: plan.group, scope: plan.scope } : null,
  };
}
