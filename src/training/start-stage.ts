import { type Amplification, amplifyLayers, group, selectLayers } from "../amplification";
import { deriveSeed } from "../layers";
import type { LayersModel } from "../tensorflow";
import type { ResolvedOptions } from "./resolve-options";
import type { Run } from "./run";
import type { StagePeriod } from "./stage-periods";

/**
 * Selects and amplifies a stage's layers, and tells who listens; null where nothing is amplified.
 *
 * @param settings.resumed whether the stage had begun before: then everybody knows of it already
 */
export function startStage(
  run: Run,
  model: LayersModel,
  period: StagePeriod,
  options: ResolvedOptions,
  settings: { resumed: boolean },
): Amplification | null {
  const { ampRatio, ampFactor, scope, first } = period;
  const members = period.group && ampRatio > 0 ? group(model, period.group) : [];
  const chosen = selectLayers(members, ampRatio, deriveSeed(options.seed, `selection/${period.index}`));
  const stage = {
    epoch: first,
    learningRate: period.learningRate ?? options.optimizer.learningRate.at(first, options.epochs),
    ampRatio,
    ampFactor,
    groupSize: members.length,
    layers: chosen.map((layer) => layer.name),
  };
  if (!settings.resumed) {
    run.stages.push(stage);
    run.emit("stage", stage);
  }
  if (chosen.length === 0) return null;
  if (options.optimizer.scaleInvariant && run.warnings.length === 0) {
    run.warn(
      `${options.optimizer.name} divides a parameter's gradient by its own running size, so that a constant ` +
        `amplification nearly cancels: amplify with ga.sgd to see its effect`,
    );
  }
  return amplifyLayers(model, chosen, { ampFactor, scope, groupSize: members.length });
}
