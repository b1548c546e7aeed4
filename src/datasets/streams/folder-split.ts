import { crc32 } from "node:zlib";
import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { tf } from "../../tensorflow";
import { epochPlan } from "../batches/epoch-plan";
import type { ColumnKind, Part, PartReader, Reading, StreamedSplit } from "../types";
import { decodeFiles, joinImages } from "./decode-files";
import { columnOver } from "./host-column";
import { partSteps } from "./part-steps";
import { SplitReaders } from "./read-ahead";

/** An image, by its file. */
export interface ImageFile {
  readonly path: string;
  readonly label: number;
  /** Bytes. */
  readonly bytes: number;
}

/** A split of images that are decoded while they are needed. */
export class FolderSplit implements StreamedSplit {
  readonly repeats = "alike";
  readonly inputs: readonly [ColumnKind];
  readonly moreTargets = [];
  readonly weights = null;
  readonly targets: ColumnKind = { sampleShape: [], storage: "int32", pixels: false, image: false, normalised: false };
  readonly #readers = new SplitReaders();
  #isDisposed = false;

  constructor(
    readonly dir: string,
    readonly files: readonly ImageFile[],
    readonly imageSize: readonly [number, number],
  ) {
    this.inputs = [{ sampleShape: [...imageSize, 3], storage: "uint8", pixels: true, image: true, normalised: true }];
  }

  get size(): number {
    return this.files.length;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Of names, labels and sizes of all files: nothing is opened. */
  checksum(): Promise<string> {
    const sum = this.files.reduce(
      (before, { path, label, bytes }) => crc32(`${relative(this.dir, path)} ${label} ${bytes}\n`, before),
      0,
    );
    return Promise.resolve(sum.toString(16).padStart(8, "0"));
  }

  read(reading: Reading): PartReader {
    if (this.#isDisposed) throw new Error(`Expected the images of ${this.dir} to be read but they were disposed of: make them anew`); // prettier-ignore
    return this.#readers.read(this.#parts(reading));
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#readers.closeAll();
  }

  #parts({ batchSize, epoch }: Reading): PartReader {
    const { size } = this;
    const plan = epochPlan(size, epoch ?? { seed: 0, epoch: 0, augmentation: null, shuffle: false });
    const capacity = partSteps([...this.inputs, this.targets], batchSize, size) * batchSize;
    let at = 0;
    let isClosed = false;
    return {
      next: async () => {
        if (isClosed || at >= size) return null;
        const first = at;
        at = Math.min(size, first + capacity);
        try {
          return await this.#part(plan, first, at, capacity, () => isClosed);
        } catch (error) {
          at = size;
          throw error;
        }
      },
      close() {
        isClosed = true;
      },
    };
  }

  async #part(
    plan: Int32Array,
    first: number,
    last: number,
    capacity: number,
    isClosed: () => boolean,
  ): Promise<Part | null> {
    const rows = last - first;
    const files = Array.from({ length: rows }, (_, row) => this.files[plan[4 * (first + row)]!]!);
    const images = await decodeFiles(files.map(({ path }) => path), this.imageSize, availableParallelism(), isClosed); // prettier-ignore
    if (images.length === 0) return null;
    const labels = new Int32Array(capacity);
    files.forEach(({ label }, row) => (labels[row] = label));
    // The samples lie in the order of the plan; how each is cut stays as it is.
    const own = new Int32Array(4 * capacity);
    for (let row = 0; row < rows; row++) {
      own.set(plan.subarray(4 * (first + row), 4 * (first + row + 1)), 4 * row);
      own[4 * row] = row;
    }
    const tensors = [joinImages(images, capacity), tf.tensor1d(labels, "int32")];
    const [pixels] = this.inputs;
    return {
      ...{ size: rows, isLast: last === this.size, plan: own, tensors },
      columns: (over) => ({
        inputs: [columnOver(over[0]!, pixels, "input")],
        targets: columnOver(over[1]!, this.targets, "target"),
        moreTargets: [],
        weights: null,
      }),
      dispose: () => tf.dispose(tensors),
    };
  }
}
