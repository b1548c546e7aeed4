import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { writeFileAtomically } from "../../files/write-file-atomically";
import { standingAmplification } from "../../amplification";
import type { TrainingData } from "../../datasets";
import { fingerprint } from "../../datasets/fingerprint";
import { rowKinds } from "../../rows";
import { trainableParameters } from "../../models";
import { moduleOf } from "../../models/own/model-by-module";
import { refuseIfUsed } from "../../models/model-use";
import { namedLayers, nameLayersAs } from "../../models/named-layers";
import type { LayersModel } from "../../tensorflow";
import { type Run, startTraining, type TrainOptions } from "../../training";
import { describeOptions } from "../../training/describe-options";
import { resolveOptions } from "../../training/resolve-options";
import { keepForRun } from "../../training/trainings";
import { Lease } from "../lease";
import { processIdentity } from "../lease/process-identity";
import { textChecksum } from "../load-model";
import { checkpointFolder, listCheckpoints } from "../checkpoints/checkpoint";
import { readRunInfo } from "../read-run-info";
import { saysFinished } from "../says-finished";
import { parseSegmentName } from "../segments/segment";
import { writeRunInfo } from "../write-run-info";
import { modelFile, type RunInfo, runInfoFile, type RunSession } from "../run-info";
import { addRows } from "./add-rows";
import { checkSame, checkSameModel } from "./check-same";
import { checkSave, settingsOf } from "./check-save";
import { environment } from "./environment";
import { finishRecording } from "./finish-recording";
import { finishedRun } from "./finished-run";
import { forkRun } from "./fork-run";
import { initialWeights, noteOrigin, topologyOf } from "./model-identity";
import { Recorder } from "./recorder";
import { clearRun, keptFiles } from "./clear-run";
import { recover, type Recovered } from "./recover";
import {
  checkNames,
  checkObject,
  namesFunction,
  type SaveOptions,
  TRAINING,
  TRAINING_ELSEWHERE,
  VERSION,
} from "../../spec";

/**
 * Begins to train a model and keeps the run in a folder, or takes up the run that the folder holds; `run.finished`
 * settles when training has ended and everything is on the disk. A run that has finished is read: its rows, and the
 * model's weights.
 *
 * A run that was killed at any instant goes on from its last complete epoch and, where the process is deterministic,
 * ends with the very numbers of one that never stopped.
 *
 * @param model any `tf.LayersModel`, trained in place
 * @param dataset what it is trained on
 * @param options as of `ga.train`
 * @param save the run's folder, and what is kept in it
 * @throws {Error} if another run or `model.fit` is training the model, or one that shares layers with it
 * @throws {RunHeldError} if another process writes the run
 * @throws {RangeError} if the folder holds a run that has diverged, or one of another model, data set or other options
 * @throws {Error} if the folder cannot be written or nothing in it is whole
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const data = ga.embedded({ train: 60, validation: 20, test: 20 });
 * const folder = `${mkdtempSync("/tmp/runs-")}/a`;
 * const run = await advanced.recordTraining(ga.vgg08({ classes: 10, width: 4 }), data, { epochs: 1, batchSize: 20 }, { folder });
 * run.on("epoch", ({ row }) => console.log(row.validationLoss));
 * await run.finished;
 */
export async function recordTraining(
  model: LayersModel,
  dataset: TrainingData,
  options: TrainOptions,
  save: SaveOptions,
): Promise<Run> {
  checkObject(options, "the options");
  checkNames(options, Object.keys(TRAINING), "", TRAINING_ELSEWHERE);
  checkSave(save);
  refuseIfUsed(model, "be trained by one at a time");
  const resolved = resolveOptions(model, dataset, options);
  const described = describeOptions(resolved);
  const standing = standingAmplification(model);
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text);
    save.onNote?.(text);
  };
  const fresh: RunInfo = {
    version: VERSION,
    id: randomBytes(8).toString("hex"),
    name: options.name ?? model.name,
    model: model.name,
    parameters: trainableParameters(model),
    dataset: dataset.name,
    options: described,
    status: "running",
    data: await fingerprint(dataset),
    initial: initialWeights(model),
    layers: namedLayers(model).map(({ name }) => name),
    source: dataset.source ?? null,
    ...(moduleOf(model) ? { module: moduleOf(model)! } : {}),
    save: settingsOf(save),
    config: save.config ?? null,
    created: new Date().toISOString(),
    error: null,
    nonFinite: null,
    from: save.from ?? null,
    ...(standing.length > 0 ? { amplifiedBefore: standing } : {}),
  };
  const finished = save.overwrite ? null : readFinished(save, fresh, model);
  if (finished) return finished;
  const lease = await Lease.take(save.folder, {
    ...(options.signal ? { signal: options.signal } : {}),
    onWait: (holder) =>
      save.onNote?.(`Waiting to see whether ${holder?.host ?? "another host"} still writes ${save.folder}`),
    onTakeover: (holder) =>
      note(`Took ${save.folder} over from ${holder ? `process ${holder.pid} on ${holder.host}` : "a process"}, which has died`), // prettier-ignore
  });
  let mine = false;
  try {
    if (save.overwrite) clearRun(save.folder);
    // It may have finished while its lease was waited for.
    const ended = readFinished(save, fresh, model);
    if (ended) {
      lease.release();
      return ended;
    }
    const found = existsSync(join(save.folder, runInfoFile)) ? readRunInfo(save.folder) : null;
    if (found) checkGoesOn(save, found, fresh, model);
    else refuseRemains(save.folder);
    // Without it the run was cut short as it began, and nothing of it is worth keeping.
    const began = found?.progress !== undefined;
    let recovered = found && began ? takeUp(save.folder, found, note) : null;
    if (found && began && !recovered)
      throw new Error(
        `Expected a checkpoint in ${checkpointFolder(save.folder)} but found none: restore it, train in another folder, ` +
          "or begin anew with overwrite (--overwrite)",
      );
    // Rows name layers as those before them, also where tfjs has named the layers anew.
    if (found && began) nameLayersAs(model, found.layers ?? []);
    if (recovered === null) {
      noteFunctions(described, save);
      if (found) clearRun(save.folder);
      // From here on the folder says whose it is, whatever happens next.
      mine = true;
      fresh.topology = writeTopology(save.folder, model);
      writeRunInfo(save.folder, fresh);
      recovered = save.from ? forkRun(save.folder, save.from, fresh, model, resolved) : null;
    }
    for (const text of recovered?.notes ?? []) note(text);
    const before = began ? { ...fresh, ...found, version: VERSION, options: described } : fresh;
    return start(model, dataset, options, save, lease, before, recovered, notes);
  } catch (error) {
    // What was only begun, and is refused, is no run.
    if (mine && !lease.lost) clearRun(save.folder);
    lease.release();
    throw error;
  }
}

/** Puts a run back to its last whole state; run.json says so before anything is deleted. */
function takeUp(folder: string, found: RunInfo, note: (text: string) => void): Recovered | null {
  const recovered = recover(folder, ({ epoch, segments }) => {
    const rows = Object.fromEntries(
      rowKinds.map((kind) => [
        kind,
        (segments[kind] ?? []).reduce((sum, name) => sum + (parseSegmentName("", name)?.rows ?? 0), 0),
      ]),
    );
    if (found.rows !== undefined) writeRunInfo(folder, { ...found, rows, checkpoint: epoch });
    found.rows = rows;
    if (found.checkpoint !== undefined && found.checkpoint > epoch && recoveredQuietly())
      note(
        `The checkpoint of epoch ${found.checkpoint} in ${folder} is not there; going on from epoch ${epoch} instead`,
      );
  });
  return recovered;

  /** Damaged ones are told by themselves. */
  function recoveredQuietly(): boolean {
    return !listCheckpoints(folder).some(({ epoch }) => epoch === found.checkpoint);
  }
}

/** @throws {RangeError} if a folder without run.json holds what a run has left: nobody knows which */
function refuseRemains(folder: string): void {
  const remains = keptFiles(folder);
  if (remains.length === 0) return;
  throw new RangeError(
    `Expected ${join(folder, runInfoFile)} beside ${remains.length} checkpoints and files of rows (${remains[0]}) but found none: ` +
      "restore it, choose another folder, or have them deleted by overwrite (--overwrite)",
  );
}

function start(
  model: LayersModel,
  dataset: TrainingData,
  options: TrainOptions,
  save: SaveOptions,
  lease: Lease,
  before: RunInfo,
  recovered: Recovered | null,
  notes: readonly string[],
): Run {
  const session: RunSession = {
    ...environment(),
    ...(({ host, pid, job }) => ({ host, pid, job }))(processIdentity()),
    started: new Date().toISOString(),
    epoch: recovered?.state.epoch ?? 0,
    ended: null,
    peakMemory: null,
    ...(notes.length > 0 ? { notes } : {}),
  };
  const run = startTraining(model, dataset, options, {
    from: recovered?.state ?? null,
    onSnapshot: (snapshot) => recorder.onSnapshot(snapshot),
  });
  if (recovered) {
    addRows(run, save.folder);
    run.stages.push(...recovered.state.stages);
  }
  const info = { ...before, status: "running", error: null, sessions: [...(before.sessions ?? []), session] };
  const segments = recovered?.segments ?? {};
  const recorder = new Recorder(save.folder, lease, save, run, info, { segments, epoch: recovered?.state.epoch ?? -1 });
  // Who has lost the run ends at the next step boundary, and writes nothing more.
  lease.onLost = () => run.stop();
  // Its best checkpoint is tested after its last epoch, on the same model and data.
  const release = keepForRun(model, dataset, run);
  run.finished = finishRecording(recorder, model, dataset, options, session).finally(() => {
    noteOrigin(model, before.initial);
    release();
  });
  run.finished.catch(() => undefined);
  return run;
}

/**
 * Writes down the network; where it cannot be, the run goes on for who has the network.
 *
 * @returns the file's checksum
 */
function writeTopology(folder: string, model: LayersModel): string | undefined {
  const topology = topologyOf(model);
  if (!topology) return undefined;
  const text = JSON.stringify(topology);
  writeFileAtomically(join(folder, modelFile), text);
  return textChecksum(text);
}

/** Says once, at a run's beginning, that another process cannot go on with it. */
function noteFunctions(options: Record<string, unknown>, { onNote }: SaveOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!namesFunction(value) || JSON.stringify(value).includes('"instance":null')) continue;
    onNote?.(
      `${name} has a function without a key: only this process can go on with the run, others where it has one, ga.keyed("…", f)`,
    );
  }
}

/** The run of the folder, where it has finished and is the one asked for; null where there is none or it goes on. */
function readFinished({ folder, onNote }: SaveOptions, asked: RunInfo, model: LayersModel): Run | null {
  const found = existsSync(join(folder, runInfoFile)) ? readRunInfo(folder) : null;
  if (!found || !saysFinished(found)) return null;
  checkSame(folder, found, asked);
  checkSameModel(folder, found, asked, model, onNote);
  const run = finishedRun(folder, found, model);
  noteOrigin(model, found.initial);
  onNote?.(`${folder} has finished: nothing is trained, its rows and weights are read`);
  return run;
}

/** @throws {RangeError} if a run has diverged, or is another one */
function checkGoesOn({ folder, onNote }: SaveOptions, found: RunInfo, asked: RunInfo, model: LayersModel): void {
  if (found.status === "diverged") {
    throw new RangeError(
      `Expected ${folder} to be free or to hold a run that can go on but found one that has diverged: ` +
        "choose another folder, or read it with ga.readRun",
    );
  }
  checkSame(folder, found, asked);
  checkSameModel(folder, found, asked, model, onNote);
}
