import type { TrainingData } from "../datasets";
import { useDataset } from "../datasets/columns/column-use";
import { type ModelUser, modelUser, modelUsers, useModel } from "../models/model-use";
import type { LayersModel } from "../tensorflow";
import type { Run } from "./run";

/** The run that a network was last trained in. */
const latest = new WeakMap<LayersModel, Run>();
const listeners = new WeakMap<LayersModel, Set<(run: Run) => void>>();

/** The runs that are at work, as those who use models and data. */
const users = new Map<Run, { readonly user: ModelUser; readonly model: LayersModel; readonly dataset: TrainingData }>();

/**
 * Keeps a network and data for one run: nobody else trains, disposes of or amplifies the one, nobody disposes of the
 * other, until they are given back. A run that keeps them twice gives them back twice.
 *
 * @throws {Error} if another run or `fit` is training the network, or one that shares layers with it, and if the data
 *   set was disposed of
 */
export function keepForRun(model: LayersModel, dataset: TrainingData, run: Run): () => void {
  const what = `run "${run.name}"`;
  const known = users.get(run);
  const user = known?.user ?? { what, model: model.name, remedy: "await its run.finished, or end it with run.stop()" };
  const returnModel = useModel(model, user);
  try {
    const returnData = useDataset(dataset, what);
    users.set(run, { user, model, dataset });
    return () => {
      returnModel();
      returnData();
      if (!modelUsers().includes(user)) users.delete(run);
    };
  } catch (error) {
    returnModel();
    throw error;
  }
}

/** The run that is training a network, or one that shares layers with it, or that trains on a data set; null for none. */
export function runUsing(value: LayersModel | TrainingData): Run | null {
  const user = "layers" in value ? modelUser(value) : null;
  for (const [run, use] of users) if (use.user === user || use.dataset === value) return run;
  return null;
}

/** Says that a network is being trained. */
export function noteTraining(model: LayersModel, run: Run): void {
  latest.set(model, run);
  for (const listener of [...(listeners.get(model) ?? [])]) listener(run);
}

/** The run in which a network is being trained; null where it is not. */
export function runningTraining(model: LayersModel): Run | null {
  const run = latest.get(model);
  return run?.status === "running" ? run : null;
}

/** Calls the listener with the next run of a network, in the turn in which it is made; returns what ends the waiting. */
export function onNextTraining(model: LayersModel, listener: (run: Run) => void): () => void {
  const all = listeners.get(model) ?? new Set();
  listeners.set(model, all);
  const once = (run: Run) => {
    all.delete(once);
    listener(run);
  };
  all.add(once);
  return () => all.delete(once);
}
