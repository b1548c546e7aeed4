import type { EpochRow } from "../../rows";
import type { Clock } from "../clock";
import type { Scores } from "../evaluation/split-evaluations";
import type { EpochOutcome } from "../program/training-program";
import type { Training } from "../training";

/** Writes an epoch's row into the run. */
export function recordEpoch(
  { run, options }: Training,
  done: Pick<EpochRow, "epoch" | "learningRate" | "amplifiedLayers"> & {
    readonly outcome: EpochOutcome;
    readonly scores: Scores;
    readonly clock: Clock;
  },
): EpochRow {
  const { epoch, learningRate, amplifiedLayers, outcome, scores, clock } = done;
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
  return row;
}
