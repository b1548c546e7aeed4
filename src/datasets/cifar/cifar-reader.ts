import { open, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CifarLayout, CifarRecords } from "./cifar-layout";

const PIXELS = 32 * 32;
const IMAGE = 3 * PIXELS;
/** Records read at once: 3 MB. */
const BLOCK = 1000;

/** Reads the images and labels of a CIFAR set from its binary files. */
export class CifarReader {
  readonly #layout: CifarLayout;
  readonly #folder: string;
  readonly #labelByte: number;

  /**
   * @param dataFolder the folder that holds `cifar-10-batches-bin` or `cifar-100-binary`
   * @param kind which of the labels to read
   */
  constructor(layout: CifarLayout, dataFolder: string, kind: "fine" | "coarse") {
    this.#layout = layout;
    this.#folder = join(dataFolder, layout.folder);
    this.#labelByte = layout.labels.findIndex((label) => label.kind === kind);
  }

  /**
   * Checks that the record files are there and have the right sizes.
   *
   * @throws {Error} if a file is missing or has another size than expected; the message names it and how to get the set
   */
  async check(): Promise<void> {
    const { name, train, test } = this.#layout;
    for (const file of [...train, ...test]) {
      const path = join(this.#folder, file.name);
      const found = await stat(path).catch(() => null);
      if (!found)
        throw new Error(
          `Expected ${name} in ${this.#folder} but found no ${file.name}: ${await this.#advice(file.name)}`,
        );
      if (found.size !== file.size)
        throw new Error(
          `Expected ${path} to hold ${file.size} bytes but found ${found.size}: the file is truncated or no part of ` +
            `${name}; delete it and run \`gradamp data download ${name}\``,
        );
    }
  }

  /** What to do where a file is missing: files that lie one folder off are found. */
  async #advice(file: string): Promise<string> {
    const { name, folder } = this.#layout;
    const asked = dirname(this.#folder);
    const near = [asked, dirname(asked), join(asked, "data"), join(asked, name), join(asked, folder)];
    for (const candidate of near)
      for (const parent of [candidate, dirname(candidate)])
        if (await stat(join(parent, folder, file)).catch(() => null))
          return `it is in ${join(parent, folder)}, so pass dir: ${JSON.stringify(parent)}, the folder above the files'`;
    const above = basename(asked) === folder ? `, which is the folder above ${folder}: ${dirname(asked)}` : "";
    return `run \`gradamp data download ${name}\`, or name its folder in GRADAMP_DATA or the option dir${above}`;
  }

  /** Names of the classes by label, or null where the file of names is not there. */
  async classNames(): Promise<string[] | null> {
    const { classes, names } = this.#layout.labels[this.#labelByte]!;
    const text = await readFile(join(this.#folder, names.name), "utf8").catch(() => "");
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.length === classes ? lines : null;
  }

  /** Labels of a part, in the order of its files. */
  async labels(part: "train" | "test"): Promise<Uint8Array> {
    const files = this.#layout[part];
    const labels = new Uint8Array(files.reduce((sum, { records }) => sum + records, 0));
    const { classes } = this.#layout.labels[this.#labelByte]!;
    let at = 0;
    for (const file of files) {
      for await (const block of this.#blocks(file, null))
        for (let record = 0; record < block.count; record++) {
          const label = block.bytes[record * block.stride + this.#labelByte]!;
          if (label >= classes)
            throw new RangeError(
              `Expected labels below ${classes} in ${join(this.#folder, file.name)} but found ${label} in record ` +
                `${block.first + record}: the file is no part of ${this.#layout.name}`,
            );
          labels[at++] = label;
        }
    }
    return labels;
  }

  /**
   * Images of a part, `[height, width, channels]` each, in chunks of up to 1,000.
   *
   * @param indices which ones, ascending
   */
  async *images(part: "train" | "test", indices: Int32Array): AsyncGenerator<Uint8Array> {
    const { labels } = this.#layout;
    let start = 0;
    let next = 0;
    for (const file of this.#layout[part]) {
      const end = start + file.records;
      let last = next;
      while (last < indices.length && indices[last]! < end) last++;
      const wanted = indices.subarray(next, last).map((index) => index - start);
      let at = 0;
      for await (const { first, count, stride, bytes } of this.#blocks(file, wanted)) {
        const from = at;
        while (at < wanted.length && wanted[at]! < first + count) at++;
        const chunk = new Uint8Array((at - from) * IMAGE);
        for (let i = from; i < at; i++)
          interleave(bytes, (wanted[i]! - first) * stride + labels.length, chunk, (i - from) * IMAGE);
        yield chunk;
      }
      start = end;
      next = last;
    }
  }

  /** Blocks of a file; only those that hold one of the wanted records where these are given, ascending. */
  async *#blocks(file: CifarRecords, wanted: Int32Array | null): AsyncGenerator<Block> {
    const stride = IMAGE + this.#layout.labels.length;
    const bytes = new Uint8Array(Math.min(BLOCK, file.records) * stride);
    const handle = await open(join(this.#folder, file.name));
    try {
      let at = 0;
      for (let first = 0; first < file.records; first += BLOCK) {
        const count = Math.min(BLOCK, file.records - first);
        if (wanted) {
          const from = at;
          while (at < wanted.length && wanted[at]! < first + count) at++;
          if (at === from) continue;
        }
        const { bytesRead } = await handle.read(bytes, 0, count * stride, first * stride);
        if (bytesRead !== count * stride)
          throw new Error(
            `Expected ${count * stride} bytes at ${first * stride} of ${join(this.#folder, file.name)} but found ` +
              `${bytesRead}: the file changed while it was read`,
          );
        yield { first, count, stride, bytes };
      }
    } finally {
      await handle.close();
    }
  }
}

interface Block {
  readonly first: number;
  readonly count: number;
  /** Bytes of a record. */
  readonly stride: number;
  /** The next block overwrites them. */
  readonly bytes: Uint8Array;
}

/** Three planes of 1,024 bytes to 1,024 pixels of three bytes. */
function interleave(planes: Uint8Array, from: number, pixels: Uint8Array, to: number): void {
  for (let p = 0; p < PIXELS; p++) {
    pixels[to + 3 * p] = planes[from + p]!;
    pixels[to + 3 * p + 1] = planes[from + PIXELS + p]!;
    pixels[to + 3 * p + 2] = planes[from + 2 * PIXELS + p]!;
  }
}
