import { closeSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { BinaryWriter } from "google-protobuf";

import { explainWriteError } from "../../files/explain-write-error";
import { makeFolder } from "../../files/make-folder";
import { crc32c } from "./crc32c";

/** Counts by bucket, each up to its limit. */
export interface EventHistogram {
  /** Lower edge of the first bucket. */
  readonly low: number;
  /** Upper edges, increasing. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** A value under a name. */
export type EventValue =
  { readonly tag: string; readonly scalar: number } | { readonly tag: string; readonly histogram: EventHistogram };

/**
 * A file that TensorBoard reads while it is written: TFRecords of `Event` messages.
 *
 * A file that was cut ends for TensorBoard with the last whole record. Who goes on begins a new file, and says with
 * its first step what of the older ones holds no more.
 */
export class EventFile {
  readonly path: string;
  readonly #handle: number;
  static #files = 0;

  /** @param firstStep events at this step and later ones in older files of the folder are void */
  constructor(folder: string, firstStep: number) {
    makeFolder(folder);
    // TensorBoard reads the files of a folder in the order of their names.
    const seconds = (Date.now() / 1000).toFixed(3);
    this.path = join(folder, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${EventFile.#files++}`);
    try {
      this.#handle = openSync(this.path, "wx");
    } catch (error) {
      throw explainWriteError(error, this.path);
    }
    this.#write(0, (event) => event.writeString(3, "brain.Event:2"));
    // A session log with the status START.
    this.#write(firstStep, (event) =>
      event.writeMessage(7, 1, (status: number, log: BinaryWriter) => log.writeEnum(1, status)),
    );
  }

  /** Writes values of one step. */
  add(step: number, values: readonly EventValue[]): void {
    this.#write(step, (event) => event.writeMessage(5, values, writeSummary));
  }

  close(): void {
    closeSync(this.#handle);
  }

  #write(step: number, what: (event: BinaryWriter) => void): void {
    const writer = new BinaryWriter();
    writer.writeDouble(1, Date.now() / 1000);
    writer.writeInt64(2, step);
    what(writer);
    const event = writer.getResultBuffer();
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(event.length));
    const record = Buffer.concat([length, maskedChecksum(length), event, maskedChecksum(event)]);
    try {
      for (let done = 0; done < record.length;) done += writeSync(this.#handle, record, done);
    } catch (error) {
      throw explainWriteError(error, this.path);
    }
  }
}

// Field numbers are those of TensorFlow's event.proto, summary.proto and histogram.proto.

function writeSummary(values: readonly EventValue[], summary: BinaryWriter): void {
  for (const value of values) {
    summary.writeMessage(1, value, (_: EventValue, writer: BinaryWriter) => {
      writer.writeString(1, value.tag);
      if ("scalar" in value) writer.writeFloat(2, value.scalar);
      else writer.writeMessage(5, value.histogram, writeHistogram);
    });
  }
}

function writeHistogram({ low, limits, counts }: EventHistogram, writer: BinaryWriter): void {
  const filled = counts.flatMap((count, at) => (count > 0 ? [at] : []));
  const [first = 0, last = 0] = [filled[0], filled.at(-1)];
  const edge = (at: number) => (at === 0 ? low : limits[at - 1]!);
  // The middle of a bucket stands for what is in it.
  const total = (of: (middle: number) => number) =>
    filled.reduce((sum, at) => sum + of((edge(at) + limits[at]!) / 2) * counts[at]!, 0);
  const sums = [total(() => 1), total((middle) => middle), total((middle) => middle ** 2)];
  [edge(first), limits[last] ?? low, ...sums].forEach((value, at) => writer.writeDouble(at + 1, value));
  writer.writePackedDouble(6, [...limits]);
  writer.writePackedDouble(7, [...counts]);
}

/** TFRecord's checksum, which is turned so that checksums of checksums are no trouble. */
function maskedChecksum(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes);
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE(((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0);
  return masked;
}
