import type { EpochRow, RunRecord } from "../../src/rows";

/** An epoch of a run of which only some numbers matter. */
export function epochRow(row: Partial<EpochRow>): EpochRow {
  return {
    epoch: 1,
    learningRate: 1e-3,
    trainLoss: 4.6,
    trainAccuracy: 0.01,
    validationLoss: null,
    validationAccuracy: null,
    testLoss: null,
    testAccuracy: null,
    seconds: 1,
    imagesPerSecond: 1000,
    amplifiedLayers: 0,
    ...row,
  };
}

/** A run of which only some fields matter; epochs are numbered from 1. */
export function runRecord(run: Partial<Omit<RunRecord, "epochs">>, epochs: readonly Partial<EpochRow>[]): RunRecord {
  return {
    name: "run",
    model: "VGG08",
    parameters: 59_716,
    dataset: "cifar-100",
    options: {},
    gradients: [],
    ...run,
    epochs: epochs.map((row, i) => epochRow({ epoch: i + 1, ...row })),
  };
}
