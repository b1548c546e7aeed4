import { statisticColumns, type WeightTensor } from "../gradients";
import type { EpochOutcome } from "./engine";
import type { Scores } from "./evaluate-splits";
import { gradientRows } from "./gradient-rows";
import type { ResolvedOptions } from "./resolve-options";
import type { EpochRow } from "./rows";
import type { Run } from "./run";

/** Writes an epoch's rows into the run and hands them to who listens. */
export function recordEpoch(
  run: Run,
  weights: readonly WeightTensor[],
  options: ResolvedOptions,
  done: { epoch: number; step: number; learningRate: number; outcome: EpochOutcome; scores: Scores },
  rest: Pick<EpochRow, "seconds" | "imagesPerSecond" | "amplifiedLayers">,
): void {
  const { epoch, step, learningRate, outcome, scores } = done;
  const row: EpochRow = {
    epoch,
    learningRate,
    trainLoss: outcome.loss,
    trainAccuracy: options.loss === "crossEntropy" ? outcome.correct / outcome.samples : null,
    ...scores,
    ...rest,
  };
  const gradients =
    outcome.measured && options.measure
      ? gradientRows(weights, statisticColumns(options.measure.statistics), outcome.measured, { epoch, step })
      : [];
  run.epochs.push(row);
  run.gradients.push(...gradients);
  if (!Number.isFinite(row.trainLoss)) run.warn(`The training loss of epoch ${epoch} is ${row.trainLoss}`);
  run.emit("epoch", { row, gradients });
}
