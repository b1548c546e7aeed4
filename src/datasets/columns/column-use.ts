import { isKnownToEngine } from "../../tensorflow";
import { listOf } from "./arranged";
import type { Column, StreamedSplit, TrainingData } from "../types";
import { isStreamed } from "../streams/read-split";

/** What is disposed of: samples in memory, or what reads them. */
type Held = Column | StreamedSplit;

/** Who reads samples, and may not find them freed. */
const users = new WeakMap<Held, Set<string>>();

/**
 * Notes that someone reads a data set, so that it is not disposed of meanwhile.
 *
 * @param what names the reader in errors: `run "baseline"`, say
 * @returns what gives the use back; may be called twice
 * @throws {Error} if the data set was disposed of
 */
export function useDataset(dataset: TrainingData, what: string): () => void {
  refuseDisposed(dataset);
  const columns = columnsOf(dataset);
  // Names may be the same, uses are not.
  const own = Object(what) as string;
  for (const column of columns) users.set(column, (users.get(column) ?? new Set()).add(own));
  return () => {
    for (const column of columns) users.get(column)?.delete(own);
  };
}

/** @throws {Error} if someone reads one of the columns */
export function refuseIfRead(columns: readonly Held[]): void {
  for (const column of columns) {
    const [user] = users.get(column) ?? [];
    if (user !== undefined)
      throw new Error(
        `Expected to dispose of a data set that nobody uses but ${String(user)} is training on it: await its ` +
          "run.finished, or end it with run.stop()",
      );
  }
}

/** @throws {Error} if a data set was disposed of, or freed with everything else by `tf.engine().reset()` */
export function refuseDisposed(dataset: TrainingData): void {
  const isGone = (held: Held) =>
    "read" in held ? held.isDisposed : (held.tensor as Column["tensor"] | undefined)?.isDisposed;
  const isForgotten = (held: Held) => {
    const tensor = "read" in held ? undefined : (held.tensor as Column["tensor"] | undefined);
    return tensor !== undefined && !tensor.isDisposed && !isKnownToEngine(tensor);
  };
  if (columnsOf(dataset).some(isForgotten))
    throw new Error(
      `Expected data set ${dataset.name} to hold samples but they are gone: tf.engine().reset() has freed every tensor ` +
        "since it was made; make it anew, and models too",
    );
  if (columnsOf(dataset).some(isGone))
    throw new Error(
      `Expected data set ${dataset.name} to hold samples but it was disposed of: make it anew, and dispose of it when ` +
        "nothing uses it any more",
    );
}

function columnsOf({ train, validation, test }: TrainingData): Held[] {
  return [train, validation, test].flatMap((split): Held[] => {
    if (!split) return [];
    return isStreamed(split) ? [split] : listOf(split);
  });
}
