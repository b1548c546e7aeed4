import { analysisEpoch } from "../../amplification";
import type { LayersModel } from "../../tensorflow";
import type { ResolvedOptions } from "../resolve-options";
import type { DirectionalityRow, SelectionRow } from "../../rows";
import { Run } from "../run";
import { StageAmplification } from "./stage-amplification";
import { stagePeriods } from "./stage-periods";

/**
 * The layers that a run would have selected for its first epochs, had its gradients had the given directionality; nothing
 * is trained.
 *
 * @param directionality of the epochs that the run analyses
 */
export function replaySelections(
  model: LayersModel,
  options: ResolvedOptions,
  directionality: readonly DirectionalityRow[],
  epochs: number,
): SelectionRow[] {
  const run = new Run("", "", 0, "", {});
  for (const period of stagePeriods(options)) {
    if (period.first > epochs) break;
    const stage = new StageAmplification(run, model, period, options, () => 0);
    if (!period.intelligent) continue;
    for (let epoch = period.first; epoch < Math.min(period.last + 1, epochs); epoch++) {
      if (analysisEpoch(period.intelligent, period, epoch).analyses)
        stage.select(directionality.filter((row) => row.epoch === epoch));
    }
  }
  return run.selections.filter(({ epoch }) => epoch <= epochs);
}
