import { type EpochRow, type RowKind, rowKinds, type Rows } from "../../rows";
import type { LayersModel } from "../../tensorflow";
import { replaySelections } from "../../training/stages/replay-selections";
import type { ResolvedOptions } from "../../training/resolve-options";
import { listCheckpoints, readCheckpoint, writeCheckpoint } from "../checkpoints/checkpoint";
import { checkRows } from "../check-rows";
import { readRows } from "../segments/read-rows";
import { readRunInfo } from "../read-run-info";
import type { RunInfo } from "../run-info";
import { segmentNameOf } from "../segments/segment";
import { appendSegment } from "../segments/write-segment";
import { beginningOf } from "./beginning-of";
import { checkSame, checkSameModel } from "./check-same";
import type { Recovered } from "./recover";

/**
 * Begins a run as a copy of another one up to an epoch: rows and state are written to its own folder, so that it stands
 * alone from then on.
 *
 * @throws {RangeError} if the other run has no checkpoint of that epoch, or did something else up to it than this run
 *   would have done
 */
export function forkRun(
  folder: string,
  from: { readonly run: string; readonly epoch: number },
  info: RunInfo,
  model: LayersModel,
  options: ResolvedOptions,
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
  checkRows(from.run, parent);
  const { state } = readCheckpoint(checkpoint);
  const upTo = <Row extends { epoch: number }>(rows: readonly Row[]) => rows.filter(({ epoch }) => epoch <= from.epoch);
  const done = upTo(readRows(from.run, "selections"));
  const wanted = replaySelections(model, options, readRows(from.run, "directionality"), from.epoch);
  checkSame(
    from.run,
    { ...parent, options: beginningOf(parent.options, from.epoch, done) },
    { ...info, options: beginningOf(info.options, from.epoch, wanted) },
    "fork from a run that began alike",
  );
  checkSameModel(from.run, { ...parent, initial: info.initial! }, info, model);
  if (parent["initial"] !== info["initial"])
    throw new RangeError(
      `Expected the weights that ${from.run} began with but found others: build the model with the same seed`,
    );

  const epochs = upTo(readRows(from.run, "epochs")).map((row) => asTrainedHere(row, info.options));
  if (epochs.length !== from.epoch)
    throw new RangeError(`Expected ${from.epoch} epochs in ${from.run} but found ${epochs.length}`);
  const segments: Partial<Record<RowKind, string[]>> = {};
  const write = <Kind extends RowKind>(kind: Kind, rows: readonly Rows[Kind][]) => {
    if (rows.length > 0) segments[kind] = [segmentNameOf(appendSegment(folder, kind, rows, null))];
  };
  write("epochs", epochs);
  for (const kind of rowKinds) if (kind !== "epochs") write(kind, upTo(readRows(from.run, kind)));
  writeCheckpoint(folder, { state, segments });
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
