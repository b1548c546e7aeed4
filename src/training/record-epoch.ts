import { appendMeasured, type EpochRow, type MeasuredRows } from "../rows";
import type { Clock } from "./clock";
import type { Scores } from "./evaluation/split-evaluations";
import type { EpochOutcome } from "./program/training-program";
import type { Training } from "./training";

/** Writes an epoch's rows into the run and hands them to who listens. */
export function recordEpoch(
  { run, options }: Training,
  done: Pick<EpochRow, "epoch" | "learningRate" | "amplifiedLayers"> & {
    readonly outcome: EpochOutcome;
    readonly measured: MeasuredRows;
    readonly scores: Scores;
    readonly clock: Clock;
  },
): void {
  const { epoch, learningRate, amplifiedLayers, outcome, measured, scores, clock } = done;
  const row: EpochRow = {
    epoch,
    learningRate,
    trainLoss: outcome.loss,
    trainAccuracy: options.classifies ? outcome.correct / outcome.samples : null,
    ...scores,
    penalty: outcome.penalty,
    seconds: clock.epochSeconds(),
    imagesPerSecond: outcome.samples / clock.trainingSeconds(),
    amplifiedLayers,
  };
  run.epochs.push(row);
  appendMeasured(run, measured);
  run.emit("epoch", { row, ...measured });
}
