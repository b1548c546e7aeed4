import type { ResolvedOptions } from "./resolve-options";
import { appendMeasured, type EpochRow, type MeasuredRows } from "../rows";
import type { Run } from "./run";
import type { Scores } from "./evaluation/split-evaluations";
import type { EpochOutcome } from "./program/training-program";

/** Writes an epoch's rows into the run and hands them to who listens. */
export function recordEpoch(
  run: Run,
  options: ResolvedOptions,
  done: {
    epoch: number;
    learningRate: number;
    outcome: EpochOutcome;
    measured: MeasuredRows;
    scores: Scores;
  },
  rest: Pick<EpochRow, "seconds" | "imagesPerSecond" | "amplifiedLayers">,
): void {
  const { epoch, learningRate, outcome, measured, scores } = done;
  const row: EpochRow = {
    epoch,
    learningRate,
    trainLoss: outcome.loss,
    trainAccuracy: options.loss === "crossEntropy" ? outcome.correct / outcome.samples : null,
    ...scores,
    ...rest,
  };
  run.epochs.push(row);
  appendMeasured(run, measured);
  run.emit("epoch", { row, ...measured });
}
