import { statisticColumns, type WeightTensor } from "../gradients";
import { gradientRows } from "./gradient-rows";
import type { ResolvedOptions } from "./resolve-options";
import type { EpochRow } from "./rows";
import type { Run } from "./run";
import type { Scores } from "./split-evaluations";
import type { EpochOutcome } from "./training-program";

/** Writes an epoch's rows into the run and hands them to who listens. */
export function recordEpoch(
  run: Run,
  weights: readonly WeightTensor[],
  options: ResolvedOptions,
  done: {
    epoch: number;
    step: number;
    learningRate: number;
    outcome: EpochOutcome;
    /** `[tensors × columns]`, or null where nothing was measured. */
    measured: Float32Array | null;
    scores: Scores;
  },
  rest: Pick<EpochRow, "seconds" | "imagesPerSecond" | "amplifiedLayers">,
): void {
  const { epoch, step, learningRate, outcome, measured, scores } = done;
  const row: EpochRow = {
    epoch,
    learningRate,
    trainLoss: outcome.loss,
    trainAccuracy: options.loss === "crossEntropy" ? outcome.correct / outcome.samples : null,
    ...scores,
    ...rest,
  };
  const gradients =
    measured && options.measure
      ? gradientRows(weights, statisticColumns(options.measure.statistics), measured, { epoch, step })
      : [];
  run.epochs.push(row);
  run.gradients.push(...gradients);
  if (!Number.isFinite(row.trainLoss)) run.warn(`The training loss of epoch ${epoch} is ${row.trainLoss}`);
  run.emit("epoch", { row, gradients });
}
