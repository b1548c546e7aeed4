import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type RowKind, rowKinds } from "../../rows";
import type { TrainingState } from "../../training";
import {
  type Checkpoint,
  type CheckpointContent,
  checkpointFolder,
  listCheckpoints,
  readCheckpoint,
  type SegmentNames,
} from "../checkpoints/checkpoint";
import { readSegment } from "../segments/read-segment";
import { clearTemporary, list } from "./clear-run";
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
 * @param onChosen called before anything is deleted
 * @returns null where there is no checkpoint yet
 * @throws {Error} if there are checkpoints and none can be used, saying why; nothing is deleted then
 */
export function recover(
  run: string,
  onChosen: (chosen: { epoch: number; segments: SegmentNames }) => void = () => {},
): Recovered | null {
  const checkpoints = listCheckpoints(run);
  const problems: string[] = [];
  for (const checkpoint of [...checkpoints].reverse()) {
    let content: CheckpointContent;
    try {
      content = readCheckpoint(checkpoint);
      for (const kind of rowKinds) verify(run, kind, content.segments[kind] ?? []);
    } catch (error) {
      problems.push((error as Error).message);
      continue;
    }
    const { state, segments } = content;
    onChosen({ epoch: checkpoint.epoch, segments });
    rollBack(run, checkpoint, checkpoints, segments);
    const notes = problems.map((problem) => `${problem}; going on from epoch ${checkpoint.epoch} instead`);
    return { state, segments, notes };
  }
  if (problems.length === 0) return null;
  throw new Error(
    `Expected a whole checkpoint in ${checkpointFolder(run)} but found none: ${problems.join("; ")}. ` +
      "Restore the files, or train in another folder",
  );
}

/** @throws {Error} if a segment is missing or not what was written */
function verify(run: string, kind: RowKind, names: readonly string[]): void {
  for (const name of names) {
    const segment = parseSegmentName(join(run, kind), name);
    if (segment === null) throw new Error(`Expected the name of a segment but found ${name}`);
    readSegment(segment);
  }
}

/** Deletes later rows, which training writes again; what is damaged, or another run's, is set aside. */
function putAway(folder: string, name: string): void {
  try {
    readSegment(parseSegmentName(folder, name)!);
    rmSync(join(folder, name), { force: true });
  } catch {
    renameSync(join(folder, name), join(folder, `damaged-${name}`));
  }
}

function rollBack(run: string, to: Checkpoint, checkpoints: readonly Checkpoint[], segments: SegmentNames): void {
  for (const kind of rowKinds)
    for (const name of list(join(run, kind)))
      if (parseSegmentName("", name) !== null && !segments[kind]?.includes(name)) putAway(join(run, kind), name);
  for (const later of checkpoints.filter(({ epoch }) => epoch > to.epoch))
    renameSync(later.path, join(checkpointFolder(run), `damaged-${later.name}`));
  clearTemporary(run);
}
