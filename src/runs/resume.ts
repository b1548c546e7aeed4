import { abortSignal, aFunction, type KindsOf, orNull, whole, withMethod } from "../options";
import { amplify, type StandingAmplification } from "../amplification";
import { type TrainingData, openSource } from "../datasets";
import { modelByModule } from "../models/own/model-by-module";
import { namedLayers } from "../models/named-layers";
import type { LayersModel } from "../tensorflow";
import { type Run, reviveOptions, type TrainOptions } from "../training";
import { noteOrigin } from "./recording/model-identity";
import { recordTraining } from "./recording/record-training";
import { checkOptions, type SaveOptions } from "../spec";
import { loadTopology } from "./load-model";
import { readRunInfo } from "./read-run-info";
import { saysFinished } from "./says-finished";

/** What the folder of a run cannot always tell. */
export interface ResumeOptions {
  /** The data, where it is the caller's own. Default: what the run was told to load. */
  readonly data?: TrainingData;
  /** Options of training that hold now, as `signal`; they decide no number. Default: none. */
  readonly train?: Pick<TrainOptions, "signal">;
  /** Ends after this epoch; null for the last. Default: null. */
  readonly until?: number | null;
  /** Called with what was repaired, and with why it waits. Default: nobody is told. */
  readonly onNote?: SaveOptions["onNote"];
}

/** What each of these may be. */
export const RESUME_KINDS: KindsOf<ResumeOptions> = {
  data: withMethod("dispose", "to be a data set"),
  train: {
    expected: "to be { signal }",
    read(found, name) {
      checkOptions(name, found as { signal?: AbortSignal }, { signal: abortSignal });
      return found;
    },
  },
  until: orNull(whole(1)),
  onNote: aFunction,
};

/** A run that goes on. */
export interface Resumed {
  /** The run, which goes on. */
  readonly run: Run;
  /** The network that is trained. */
  readonly model: LayersModel;
  /** What it is trained on. */
  readonly data: TrainingData;
}

/**
 * Takes up a run that was saved, with nothing but its folder; `run.finished` settles at the end.
 *
 * @param folder the run's folder
 * @param options the data, if only you have it, and options that decide no number
 * @throws {RangeError} if the run has ended or the folder holds none
 * @throws {TypeError} if the run was given functions (its own loss or choice of layers) or data that only the caller
 *   has
 *
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const data = ga.embedded({ train: 60, validation: 20, test: 20 });
 * const folder = `${mkdtempSync("/tmp/runs-")}/a`;
 * const save = { folder, until: 1 };
 * await ga.train(ga.vgg08({ classes: 10, width: 4 }), data, { epochs: 2, batchSize: 20, save });
 * const { run } = await advanced.startResuming(folder);
 * run.on("epoch", ({ row }) => console.log(row.epoch)); // 2
 * await run.finished;
 */
export async function startResuming(folder: string, options: ResumeOptions = {}): Promise<Resumed> {
  checkOptions("resume", options, RESUME_KINDS);
  const info = readRunInfo(folder);
  if (saysFinished(info) || info.status === "diverged")
    throw new RangeError(
      `Expected a run that can go on but found that ${folder} has ${info.status}: read it with ga.readRun`,
    );
  const train = reviveOptions(info.options);
  const source = info.source ?? null;
  if (!options.data && !source)
    throw new TypeError(`Expected the data of ${folder}, which is the caller's own, but found none: pass { data }`);
  // A network of one's own may have layers that nobody else knows, so its module makes it again.
  const model = info.module ? await modelByModule(info.module) : await loadTopology(folder);
  noteOrigin(model, info.initial);
  amplifyAgain(model, info.amplifiedBefore ?? []);
  const data = options.data ?? (await openSource(source!));
  const { until = null, onNote } = options;
  const save: SaveOptions = {
    ...info.save,
    folder,
    until,
    ...(onNote ? { onNote } : {}),
  };
  return { run: await recordTraining(model, data, { ...train, ...options.train, name: info.name }, save), model, data };
}

/** Puts on a model what `ga.amplify` had left on it when the run began. */
function amplifyAgain(model: LayersModel, standing: readonly StandingAmplification[]): void {
  const named = new Map(namedLayers(model, { models: true }).map(({ name, layer }) => [name, layer]));
  for (const { layer: name, ampFactor, scope } of standing) {
    const layer = named.get(name);
    if (!layer)
      throw new RangeError(`Expected ${model.name} to have the layer ${name}, which was amplified, but found none`);
    amplify(model, { group: (other) => other === layer, ampFactor, scope });
  }
}
