import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";

import { readBytes } from "../../files/read-text";
import { AtomicFile } from "../../files/atomic-file";
import type { RowKind } from "../../rows";
import type { TrainingState } from "../../training/training-state";
import { checkStamp, FILE_FORMAT, type FileStamp, runId } from "../file-stamp";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";

/** A checkpoint's file: `000012.9c1f2ab3.safetensors` is the state after epoch 12 and has this CRC-32. */
export interface Checkpoint {
  readonly path: string;
  readonly name: string;
  /** Complete epochs; 0 for the state before the first. */
  readonly epoch: number;
  /** CRC-32 of the file, eight hexadecimal digits. */
  readonly checksum: string;
}

/** Names of segments by kind; a kind that is missing has none. */
export type SegmentNames = Readonly<Partial<Record<RowKind, readonly string[]>>>;

/** What a checkpoint holds: the state of training, and the rows that belong to it. */
export interface CheckpointContent {
  readonly state: TrainingState;
  /** The names of the segments up to it, which tell their checksums. */
  readonly segments: SegmentNames;
}

const pattern = /^(\d{6,})\.([0-9a-f]{8})\.safetensors$/;

/** The folder in a run's folder. */
export function checkpointFolder(run: string): string {
  return join(run, "checkpoints");
}

/** A run's checkpoints, the earliest first. */
export function listCheckpoints(run: string): Checkpoint[] {
  const folder = checkpointFolder(run);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .flatMap((name) => {
      const [, epoch, checksum] = pattern.exec(name) ?? [];
      return epoch && checksum ? [{ path: join(folder, name), name, epoch: Number(epoch), checksum }] : [];
    })
    .sort((a, b) => a.epoch - b.epoch);
}

/** Writes a checkpoint; it appears whole or not at all. */
export function writeCheckpoint(run: string, { state, segments }: CheckpointContent): Checkpoint {
  const { tensors, ...rest } = state;
  const id = runId(run);
  const notes = { format: FILE_FORMAT, ...(id === null ? {} : { run: id }), state: rest, segments };
  const file = new AtomicFile(checkpointFolder(run));
  for (const bytes of encodeSafetensors(tensors, { gradamp: JSON.stringify(notes) })) file.write(bytes);
  const checksum = file.checksum.toString(16).padStart(8, "0");
  const name = `${String(state.epoch).padStart(6, "0")}.${checksum}.safetensors`;
  return { path: file.commit(name), name, epoch: state.epoch, checksum };
}

/**
 * Reads a checkpoint after checking that it is the file that was written: whole, to the bit.
 *
 * @throws {Error} if it is not
 */
export function readCheckpoint({ path, checksum }: Checkpoint): CheckpointContent {
  const bytes = readBytes(path);
  const found = crc32(bytes).toString(16).padStart(8, "0");
  if (found !== checksum) {
    throw new Error(
      `Expected ${path} to have the checksum ${checksum} but found ${found} (${bytes.length} bytes): ` +
        "the file was cut or changed after it was written",
    );
  }
  const { tensors, notes } = decodeSafetensors(bytes);
  const { state, segments, ...stamp } = JSON.parse(notes["gradamp"] ?? "null") as FileStamp & {
    state: Omit<TrainingState, "tensors">;
    segments: CheckpointContent["segments"];
  };
  checkStamp(path, dirname(dirname(path)), stamp);
  return { state: { ...state, tensors }, segments };
}
