import type { LayersModel } from "../tensorflow";
import type { Run } from "./run";

/** The run that a network was last trained in. */
const latest = new WeakMap<LayersModel, Run>();
const listeners = new WeakMap<LayersModel, Set<(run: Run) => void>>();

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
