import type { LayersModel } from "../../tensorflow";
import type { EpochRow, GradientRow, TrainOptions } from "../../training";
import { listCheckpoints, readCheckpoint, writeCheckpoint } from "../checkpoints/checkpoint";
import { readRows } from "../read-rows";
import { readRunInfo } from "../read-run-info";
import type { RunInfo } from "../run-info";
import { type RowKind, segmentNameOf } from "../segment";
import { appendSegment } from "../write-segment";
import { beginningOf } from "./beginning-of";
import { checkSame } from "./check-same";
import type { Recovered } from "./recover";

/**
 * Begins a run as a copy of another one up to an epoch: rows and state are written to its own folder, so that it stands
 * alone from then on.
 *
 * @throws {RangeError} where the other run has no checkpoint of that epoch, or did something else up to it than this run
 * would have done
 */
export function forkRun(
  folder: string,
  from: { readonly run: string; readonly epoch: number },
  info: RunInfo,
  model: LayersModel,
  options: TrainOptions,
): Recovered {
  const parent = readRunInfo(from.run);
  const checkpoints = listCheckpoints(from.run);
  const checkpoint = checkpoints.filter(({ epoch }) => epoch === from.epoch).at(-1);
  if (!checkpoint) {
    throw new RangeError(
      `Expected ${from.run} to have a checkpoint of epoch ${from.epoch} but found ${checkpoints.map(({ epoch }) => epoch).join(", ") || "none"}: ` +
        `keep it with { keep: [${from.epoch}] }`,
    );
  }
  const { state } = readCheckpoint(checkpoint);
  const common = (run: RunInfo) => ({ ...run, options: beginningOf(run.options, from.epoch) });
  checkSame(from.run, common(parent), common(info), "fork from a run that began alike");

  const kept = <Row extends { epoch: number }>(kind: RowKind, keepNull: boolean) =>
    readRows<Row>(from.run, kind, { keepNull }).filter(({ epoch }) => epoch <= from.epoch);
  const epochs = kept<EpochRow>("epochs", true).map((row) => asTrainedHere(row, info.options));
  if (epochs.length !== from.epoch)
    throw new RangeError(`Expected ${from.epoch} epochs in ${from.run} but found ${epochs.length}`);
  const rows = { epochs, gradients: kept<GradientRow>("gradients", false) };
  const write = (kind: RowKind) =>
    rows[kind].length === 0 ? [] : [segmentNameOf(appendSegment(folder, kind, rows[kind], null))];
  const segments = { epochs: write("epochs"), gradients: write("gradients") };
  writeCheckpoint(folder, { state, segments });
  void model;
  void options;
  return { state, segments, notes: [] };
}

/** An epoch's row without what was evaluated only because the other run ended there. */
function asTrainedHere(row: EpochRow, options: Record<string, unknown>): EpochRow {
  const evaluated = (when: unknown) => when === "epoch" || (when === "end" && row.epoch === options["epochs"]);
  return {
    ...row,
    ...(evaluated(options["validate"]) ? {} : { validationLoss: null, validationAccuracy: null }),
    ...(evaluated(options["test"]) ? {} : { testLoss: null, testAccuracy: null }),
  };
}
