import { crc32 } from "node:zlib";
import { tf } from "../../tensorflow";
import { planRows } from "../batches/epoch-plan";
import { arrange, listOf, mapArranged } from "../columns/arranged";
import { random } from "../batches/random";
import type { ColumnKind, Part, PartReader, Reading, StreamedSplit } from "../types";
import { fitBatch } from "./fit-batch";
import { sampleSizeOf } from "../columns/flat-samples";
import { columnOver, hostArray, upload } from "./host-column";
import { type BatchIterator, type BatchStream, kindOfStream, openStream, type StreamEpoch } from "./open-stream";
import { partSteps } from "./part-steps";
import { type HostBatch, type Known, readBatch } from "./read-batch";
import { SplitReaders } from "./read-ahead";
import { SampleQueue } from "./sample-queue";

/** A stream that was opened and whose first batch was read. */
interface Opened {
  readonly iterator: BatchIterator;
  readonly first: HostBatch;
}

/** Tells the random numbers of cuts from those of the order. */
const CUTS = 1;

/** What a {@link BatchSplit} stands on. */
export interface BatchSplitOptions {
  readonly stream: BatchStream;
  /** Names the split in errors: `train`. */
  readonly name: string;
  /** How many samples are held to draw from; 0 for the stream's own order. */
  readonly shuffle: number;
  /** How many samples there are, where the user says so. */
  readonly size: number | null;
}

/** A split whose samples come from a user's stream of batches. */
export class BatchSplit implements StreamedSplit {
  readonly repeats: StreamedSplit["repeats"];
  readonly #options: BatchSplitOptions;
  readonly #readers = new SplitReaders();
  /** How often the stream was opened: a shuffle of tf.data goes on from time to time. */
  #opened = 1;
  #first: Opened | null;
  #size: number | null;
  #known: Known;
  readonly #checksum: string;
  readonly batchSize: number;
  readonly names: readonly string[] | null;
  #isDisposed = false;

  /** Opens a stream and reads its first batch, which says what all of them are. */
  static async open(options: BatchSplitOptions, labels: boolean | null): Promise<BatchSplit> {
    const { stream, name } = options;
    const iterator = await openStream(stream, { epoch: 0, seed: 0 }, name);
    try {
      const { value, done } = await nextOf(iterator, `batch 0 of ${name}`);
      if (done) throw new RangeError(`Expected ${name} to have batches but found none`);
      const first = await readBatch(value, `batch 0 of ${name}`, isOwner(stream));
      return new BatchSplit(options, { iterator, first }, labels);
    } catch (error) {
      iterator.close();
      throw error;
    }
  }

  private constructor(options: BatchSplitOptions, opened: Opened, labels: boolean | null) {
    const { first } = opened;
    const kind = kindOfStream(options.stream);
    this.#options = options;
    // A function is called anew for each epoch; of other streams what was read is the beginning of the first.
    this.#first = kind === "function" ? null : opened;
    if (kind === "function") opened.iterator.close();
    this.#size = options.size;
    this.repeats = kind === "generator" ? "never" : kind === "tf.data" ? "anew" : "alike";
    this.batchSize = first.size;
    this.names = first.names;
    const kinds = first.columns.map(({ values, sampleShape }): ColumnKind => ({
      sampleShape,
      storage: values instanceof Uint8Array ? "uint8" : values instanceof Int32Array ? "int32" : "float32",
      pixels: values instanceof Uint8Array,
      image: values instanceof Uint8Array,
      normalised: values instanceof Uint8Array,
    }));
    const arranged = arrange(kinds, first.like);
    const { targets, weights } = arranged;
    const { values } = first.columns[arranged.inputs.length]!;
    const whole = values.every((value) => Number.isInteger(value) && value >= 0);
    const isLabels = targets.sampleShape.length === 0 ? (labels ?? whole) : labels !== null && labels && whole;
    this.#known = {
      ...arranged,
      targets: { ...targets, ...(isLabels ? { storage: "int32" } : {}) },
      weights: weights && { ...weights, storage: "float32" },
      labels: isLabels,
    };
    this.#checksum = checksumOf(fitBatch(first, this.#known, `batch 0 of ${options.name}`, null));
  }

  get size(): number | null {
    return this.#size;
  }

  get inputs(): readonly ColumnKind[] {
    return this.#known.inputs;
  }

  get targets(): ColumnKind {
    return this.#known.targets;
  }

  get moreTargets(): readonly ColumnKind[] {
    return this.#known.moreTargets;
  }

  get weights(): ColumnKind | null {
    return this.#known.weights;
  }

  get labels(): boolean {
    return this.#known.labels;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Says which of its columns are images, once that is known. */
  prepare(all: readonly Pick<ColumnKind, "image" | "normalised">[]): void {
    const { labels } = this.#known;
    this.#known = { ...mapArranged(this.#known, (kind, _, at) => ({ ...kind, ...all[at]! })), labels };
  }

  checksum(): Promise<string> {
    return Promise.resolve(this.#checksum);
  }

  read(reading: Reading): PartReader {
    if (this.#isDisposed)
      throw new Error(`Expected ${this.#options.name} to be read but it was disposed of: make it anew`);
    return this.#readers.read(this.#parts(reading));
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#first?.iterator.close();
    this.#first = null;
    this.#readers.closeAll();
  }

  /** Parts in their order, made when they are asked for. */
  #parts(reading: Reading): PartReader {
    const { batchSize, epoch, classes } = reading;
    const { name, shuffle } = this.#options;
    const kinds = listOf(this.#known);
    const steps = partSteps(kinds, batchSize, this.#options.size);
    const capacity = steps * batchSize;
    let opened: Promise<Opened> | null = null;
    let number = 0;
    let total = 0;
    let isOver = false;
    const pull = async (): Promise<HostBatch | null> => {
      opened ??= this.#open(epoch ? { epoch: epoch.epoch, seed: epoch.seed } : { epoch: 0, seed: 0 });
      const { iterator, first } = await opened;
      const where = `batch ${number} of ${name}${epoch ? ` in epoch ${epoch.epoch}` : ""}`;
      if (number++ === 0) return fitBatch(first, this.#known, where, classes);
      const { value, done } = await nextOf(iterator, where);
      return done
        ? null
        : fitBatch(await readBatch(value, where, isOwner(this.#options.stream)), this.#known, where, classes);
    };
    const drawn = epoch && shuffle > 1 ? { buffer: shuffle, keys: [epoch.seed, epoch.epoch] } : null;
    const order = Int32Array.from({ length: capacity }, (_, at) => at);
    const cuts = epoch && random(epoch.seed, epoch.epoch, CUTS);
    const queue = new SampleQueue(pull, kinds, drawn);
    return {
      next: async () => {
        if (isOver) return null;
        try {
          const arrays = kinds.map((kind) => hostArray(kind, capacity * sampleSizeOf(kind.sampleShape)));
          const size = await queue.take(arrays, capacity);
          const isLast = !(await queue.hasMore());
          total += size;
          if (isLast) {
            isOver = true;
            this.#noteSize(total);
          }
          const plan = cuts ? planRows(order, epoch!.augmentation, cuts) : new Int32Array(0);
          return this.#part(arrays, kinds, { size, isLast, plan });
        } catch (error) {
          isOver = true;
          throw error;
        }
      },
      close: () => {
        isOver = true;
        opened?.then(({ iterator }) => iterator.close()).catch(() => undefined);
      },
    };
  }

  #part(
    arrays: readonly ReturnType<typeof hostArray>[],
    kinds: readonly ColumnKind[],
    about: Pick<Part, "size" | "isLast" | "plan">,
  ): Part {
    const tensors = arrays.map((values, at) => upload(values, kinds[at]!));
    return {
      ...about,
      tensors,
      columns: (over) =>
        mapArranged(this.#known, (kind, isInput, at) => columnOver(over[at]!, kind, isInput ? "input" : "target")),
      dispose: () => tf.dispose(tensors),
    };
  }

  /** @throws {RangeError} if there are other than the user says */
  #noteSize(found: number): void {
    const { size, name } = this.#options;
    if (size !== null && found !== size)
      throw new RangeError(
        `Expected ${name} to have ${size} samples, as it was said, but found ${found} when it ended`,
      );
    this.#size = found;
  }

  /** The stream for an epoch, with its first batch. */
  async #open(epoch: StreamEpoch): Promise<Opened> {
    const { stream, name } = this.#options;
    const known = this.#first;
    this.#first = null;
    if (known && (epoch.epoch <= 1 || this.repeats === "never")) return known;
    known?.iterator.close();
    let iterator = await openStream(stream, epoch, name);
    this.#opened++;
    // A run that goes on from an earlier one: each opening takes tf.data's shuffle one epoch further.
    for (; this.repeats === "anew" && this.#opened < epoch.epoch; this.#opened++)
      iterator = await openStream(stream, epoch, name);
    const where = `batch 0 of ${name} in epoch ${epoch.epoch}`;
    const { value, done } = await nextOf(iterator, where);
    if (done)
      throw new RangeError(
        `Expected ${name} to have batches in epoch ${epoch.epoch} but found none: a generator can be gone through once, so ` +
          "pass a function that makes one for each epoch",
      );
    return { iterator, first: await readBatch(value, where, isOwner(stream)) };
  }
}

/**
 * Whether the tensors of a stream's batches are made for who reads it: those of a list are there for the next epoch,
 * too.
 */
function isOwner(stream: BatchStream): boolean {
  return kindOfStream(stream) !== "list";
}

/** @throws {Error} if the stream throws; the message names the batch that it was asked for */
async function nextOf(iterator: BatchIterator, where: string): Promise<IteratorResult<unknown>> {
  try {
    return await iterator.next();
  } catch (cause) {
    throw new Error(
      `Expected ${where} but the stream failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

function checksumOf({ columns }: HostBatch): string {
  const checksum = columns.reduce(
    (sum, { values }) => crc32(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), sum),
    0,
  );
  return checksum.toString(16).padStart(8, "0");
}
