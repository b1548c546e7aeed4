import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { temporaryPrefix } from "../../files/atomic-file";
import { type RowKind, rowKinds } from "../../rows";
import type { TrainingState } from "../../training";
import {
  type Checkpoint,
  checkpointFolder,
  listCheckpoints,
  readCheckpoint,
  type SegmentNames,
} from "../checkpoints/checkpoint";
import { readSegment } from "../segments/read-segment";
import { parseSegmentName } from "../segments/segment";

/** A run as it was at one of its checkpoints. */
export interface Recovered {
  readonly state: TrainingState;
  readonly segments: SegmentNames;
  /** What had to be left out. */
  readonly notes: readonly string[];
}

/**
 * Puts a run's folder back to its last checkpoint that is whole and whose rows are: later rows and checkpoints are
 * deleted, since training will write them again; damaged checkpoints are set aside as `damaged-…`.
 *
 * Whoever calls it holds the run's lease.
 *
 * @returns null where there is no checkpoint yet
 * @throws {Error} where there are checkpoints and none can be used, saying why; nothing is deleted then
 */
export function recover(run: string): Recovered | null {
  const checkpoints = listCheckpoints(run);
  const problems: string[] = [];
  for (const checkpoint of [...checkpoints].reverse()) {
    try {
      const { state, segments } = readCheckpoint(checkpoint);
      for (const kind of rowKinds) verify(run, kind, segments[kind] ?? []);
      rollBack(run, checkpoint, checkpoints, segments);
      const notes = problems.map((problem) => `${problem}; going on from epoch ${checkpoint.epoch} instead`);
      return { state, segments, notes };
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (problems.length === 0) return null;
  throw new Error(
    `Expected a whole checkpoint in ${checkpointFolder(run)} but found none: ${problems.join("; ")}. ` +
      "Restore the files, or train in another folder",
  );
}

/** Takes away what a process left that was killed before there was a run: without run.json nothing refers to it. */
export function clearRemains(run: string): void {
  for (const kind of rowKinds)
    for (const name of list(join(run, kind)))
      if (parseSegmentName("", name) !== null) rmSync(join(run, kind, name), { force: true });
  for (const { path } of listCheckpoints(run)) rmSync(path, { force: true });
}

/** @throws {Error} where a segment is missing or not what was written */
function verify(run: string, kind: RowKind, names: readonly string[]): void {
  for (const name of names) {
    const segment = parseSegmentName(join(run, kind), name);
    if (segment === null) throw new Error(`Expected the name of a segment but found ${name}`);
    readSegment(segment);
  }
}

function rollBack(run: string, to: Checkpoint, checkpoints: readonly Checkpoint[], segments: SegmentNames): void {
  for (const kind of rowKinds) {
    for (const name of list(join(run, kind)))
      if (!segments[kind]?.includes(name)) rmSync(join(run, kind, name), { force: true });
  }
  for (const later of checkpoints.filter(({ epoch }) => epoch > to.epoch))
    renameSync(later.path, join(checkpointFolder(run), `damaged-${later.name}`));
  for (const folder of [run, checkpointFolder(run)])
    for (const name of list(folder))
      if (name.startsWith(temporaryPrefix)) rmSync(join(folder, name), { recursive: true, force: true });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
