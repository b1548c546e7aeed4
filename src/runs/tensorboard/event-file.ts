import { closeSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { explainWriteError } from "../../files/explain-write-error";
import { makeFolder } from "../../files/make-folder";
import { crc32c } from "./crc32c";
import { bytesField, doubleField, doublesField, floatField, integerField } from "./protobuf";

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
 * A file that was cut ends for TensorBoard with the last whole record.  Who goes on begins a new file, and says with
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
    this.#write(0, bytesField(3, "brain.Event:2"));
    const started = integerField(1, 1);
    this.#write(firstStep, bytesField(7, [started]));
  }

  /** Writes values of one step. */
  add(step: number, values: readonly EventValue[]): void {
    const fields = values.map((value) =>
      bytesField(1, [
        bytesField(1, value.tag),
        "scalar" in value ? floatField(2, value.scalar) : bytesField(5, histogramFields(value.histogram)),
      ]),
    );
    this.#write(step, bytesField(5, fields));
  }

  close(): void {
    closeSync(this.#handle);
  }

  #write(step: number, what: Buffer): void {
    const event = Buffer.concat([doubleField(1, Date.now() / 1000), integerField(2, step), what]);
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

/** TFRecord's checksum, which is turned so that checksums of checksums are no trouble. */
function maskedChecksum(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes);
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE(((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0);
  return masked;
}

function histogramFields({ low, limits, counts }: EventHistogram): Buffer[] {
  const filled = counts.flatMap((count, at) => (count > 0 ? [at] : []));
  const [first = 0, last = 0] = [filled[0], filled.at(-1)];
  const edge = (at: number) => (at === 0 ? low : limits[at - 1]!);
  // The middle of a bucket stands for what is in it.
  const middle = (at: number) => (edge(at) + limits[at]!) / 2;
  const total = (of: (at: number) => number) => filled.reduce((sum, at) => sum + of(at) * counts[at]!, 0);
  return [
    doubleField(1, edge(first)),
    doubleField(2, limits[last] ?? low),
    doubleField(
      3,
      total(() => 1),
    ),
    doubleField(4, total(middle)),
    doubleField(
      5,
      total((at) => middle(at) ** 2),
    ),
    doublesField(6, limits),
    doublesField(7, counts),
  ];
}
