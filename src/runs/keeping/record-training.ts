import { existsSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

import { writeFileAtomically } from "../../files/write-file-atomically";
import { type Dataset } from "../../datasets";
import { fingerprint } from "../../datasets/fingerprint";
import { trainableParameters } from "../../models";
import type { LayersModel } from "../../tensorflow";
import { type Run, startTraining, type TrainOptions } from "../../training";
import { describeOptions } from "../../training/describe-options";
import { resolveOptions } from "../../training/resolve-options";
import { Lease } from "../lease";
import { processIdentity } from "../lease/process-identity";
import { modelFile } from "../load-model";
import { readRows } from "../read-rows";
import { readRunInfo } from "../read-run-info";
import { rowKinds } from "../segment";
import { type RunInfo, runInfoFile, type RunSession } from "../run-info";
import { checkSame } from "./check-same";
import { deterministicHere, environment } from "./environment";
import { finishRecording } from "./finish-recording";
import { forkRun } from "./fork-run";
import { Recorder } from "./recorder";
import { clearRemains, recover, type Recovered } from "./recover";
import type { SaveOptions } from "./save-options";

/**
 * Begins to train a model and keeps the run in a folder, or takes up the run that the folder holds; `run.finished`
 * settles when training has ended and everything is on the disk.
 *
 * A run that was killed at any instant goes on from its last complete epoch and, where the process is deterministic,
 * ends with the very numbers of one that never stopped.
 *
 * @throws {RunHeldError} where another process writes the run
 * @throws {RangeError} where the folder holds a run that has ended, or one of another model, data set or other options
 * @throws {Error} where the folder cannot be written or nothing in it is whole
 */
export async function recordTraining(
  model: LayersModel,
  dataset: Dataset,
  options: TrainOptions,
  save: SaveOptions,
): Promise<Run> {
  checkSave(save);
  const resolved = resolveOptions(model, dataset, options);
  const described = describeOptions(resolved);
  const fresh: RunInfo = {
    name: options.name ?? model.name,
    model: model.name,
    parameters: trainableParameters(model),
    dataset: dataset.name,
    options: described,
    status: "running",
    data: await fingerprint(dataset),
    initial: initialWeights(model),
    source: dataset.source ?? null,
    save: settingsOf(save),
    config: save.config ?? null,
    created: new Date().toISOString(),
    error: null,
    nonFinite: null,
    from: save.from ?? null,
  };
  const lease = await Lease.take(save.folder, {
    onWait: (holder) =>
      save.onNote?.(`Waiting to see whether ${holder?.host ?? "another host"} still writes ${save.folder}`),
  });
  try {
    const begun = existsSync(join(save.folder, runInfoFile));
    const found = begun ? readRunInfo(save.folder) : null;
    if (found) checkGoesOn(save.folder, found, fresh);
    else clearRemains(save.folder);
    const recovered = found
      ? recover(save.folder)
      : save.from
        ? forkRun(save.folder, save.from, fresh, model, resolved)
        : null;
    if (found && !recovered)
      throw new Error(`Expected a checkpoint in ${save.folder} but found none: train in another folder`);
    for (const note of recovered?.notes ?? []) save.onNote?.(note);
    return start(model, dataset, options, save, lease, { ...fresh, ...found }, recovered);
  } catch (error) {
    lease.release();
    throw error;
  }
}

function start(
  model: LayersModel,
  dataset: Dataset,
  options: TrainOptions,
  save: SaveOptions,
  lease: Lease,
  before: RunInfo,
  recovered: Recovered | null,
): Run {
  const session: RunSession = {
    ...environment(),
    ...(({ host, pid, job }) => ({ host, pid, job }))(processIdentity()),
    started: new Date().toISOString(),
    epoch: recovered?.state.epoch ?? 0,
    ended: null,
    peakMemory: null,
  };
  const run = startTraining(model, dataset, options, {
    from: recovered?.state ?? null,
    onSnapshot: (snapshot) => recorder.onSnapshot(snapshot),
  });
  if (recovered) {
    for (const kind of rowKinds) for (const row of readRows(save.folder, kind)) (run[kind] as object[]).push(row);
    run.stages.push(...recovered.state.stages);
  } else writeFileAtomically(join(save.folder, modelFile), JSON.stringify(model.toJSON(null, false)));
  const info = { ...before, status: "running", error: null, sessions: [...(before.sessions ?? []), session] };
  const segments = recovered?.segments ?? {};
  const recorder = new Recorder(save.folder, lease, save, run, info, { segments, epoch: recovered?.state.epoch ?? -1 });
  // Who has lost the run ends at the next step boundary, and writes nothing more.
  lease.onLost = () => run.stop();
  run.finished = finishRecording(recorder, model, dataset, options, session);
  run.finished.catch(() => undefined);
  return run;
}

/** A checksum of the weights that training begins with. */
function initialWeights(model: LayersModel): string {
  const weights = model.getWeights().map((weight) => weight.dataSync<"float32">());
  const checksum = weights.reduce(
    (sum, { buffer, byteOffset, byteLength }) => crc32(new Uint8Array(buffer, byteOffset, byteLength), sum),
    0,
  );
  return checksum.toString(16).padStart(8, "0");
}

/** @throws {RangeError} where a run has ended, or is another one */
function checkGoesOn(folder: string, found: RunInfo, asked: RunInfo): void {
  if (found.status === "finished" || found.status === "diverged") {
    throw new RangeError(
      `Expected ${folder} to be free or to hold a run that can go on but found one that has ${found.status}: ` +
        "choose another folder, or read it with ga.readRun",
    );
  }
  checkSame(folder, found, asked);
}

/** What holds for the run, whoever goes on with it. */
function settingsOf({
  checkpointEvery = 1,
  keep = [],
  keepLast = true,
  tensorBoard = false,
  deterministic = false,
}: SaveOptions) {
  return { checkpointEvery, keep, keepLast, tensorBoard, deterministic };
}

function checkSave({ folder, checkpointEvery = 1, until = null, keep = [], deterministic = false }: SaveOptions): void {
  if (folder === "") throw new RangeError("Expected a folder to save to but found an empty path");
  const whole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  if (!whole(checkpointEvery, 1))
    throw new RangeError(`Expected checkpointEvery to be a whole number above 0 but found ${checkpointEvery}`);
  if (until !== null && !whole(until, 1))
    throw new RangeError(`Expected until to be an epoch from 1 but found ${until}`);
  const odd = keep.find((epoch) => !whole(epoch, 0));
  if (odd !== undefined) throw new RangeError(`Expected keep to list epochs but found ${odd}`);
  if (deterministic && !deterministicHere())
    throw new RangeError(
      "Expected a deterministic process but found a GPU without TF_DETERMINISTIC_OPS=1: set it before the process begins",
    );
}
