import { checkOptions, type Kind, type KindsOf, orNull, required, text, texts, value, whole } from "../../options";
import { PREPARATION, preparedColumns, type PreparationOptions } from "../columns/prepared-columns";
import { dataset, type SplitSamples } from "../dataset";
import type { Arranged, ColumnKind, Dataset, Split, StreamedDataset, StreamedSplit } from "../types";
import { BatchSplit } from "./batch-split";
import { type BatchStream, kindOfStream } from "./open-stream";

/** What {@link stream} is told. */
export interface StreamOptions extends PreparationOptions {
  /** Batches of `{ inputs, targets }`, `{ xs, ys }` or `[inputs, targets]`, each of any number of samples. */
  train: BatchStream;
  /** A stream as well, or samples that lie in memory. Default: none. */
  validation?: BatchStream | SplitSamples;
  /** As `validation`. Default: none. */
  test?: BatchStream | SplitSamples;
  /**
   * Samples held in memory of which the next one is drawn at random, anew in each epoch; 0 for the stream's own order.
   * Default: 0.
   */
  shuffle?: number;
  /** Samples of an epoch, where that is known, so that progress can be told. Default: found out in the first epoch. */
  size?: number;
  /**
   * Number of classes; null where the targets are no labels. Default: as many as the network tells apart, where the
   * first batch's targets are whole numbers of shape `[batch]`.
   */
  classes?: number | null;
  /** Names by label. Default: none. */
  classNames?: readonly string[];
  /** What it is called in runs and figures. Default: "stream". */
  name?: string;
}

const source: Kind<unknown> & { readonly required: true } = required(
  value(
    "to be a tf.data.Dataset, a generator of batches, a function that makes one, or a list of batches",
    (found) => found !== null && !(found instanceof Promise) && ["object", "function"].includes(typeof found),
  ),
);

const OPTIONS: KindsOf<StreamOptions> = {
  train: source,
  validation: { ...source, required: false },
  test: { ...source, required: false },
  shuffle: whole(0),
  size: whole(1),
  classes: orNull(whole(1)),
  classNames: texts,
  name: text,
  ...PREPARATION,
};

/**
 * Data that need not fit into memory: batches of a `tf.data.Dataset` or of a generator, read ahead while the network is
 * trained, a few and no more.
 *
 * The samples are taken in the stream's order, or drawn from a buffer (`shuffle`), and put together to the training's
 * `batchSize`; by default that of the stream's first batch. A function that makes a generator is told the epoch, so
 * that it can shuffle by itself and a run that goes on later gets the same samples; it is called once more beforehand,
 * for the first batch, which says what all of them are. Tensors are freed once they are read, as tfjs's `fitDataset`
 * does.
 *
 * @param options streams for each split, and what is known of them
 * @throws {TypeError} for unknown options, and for what is no stream or no batch
 * @throws {RangeError} for values that make no sense, and for no batches
 *
 * @example
 * import * as ga from "gradamp";
 * async function* batches({ epoch }: { epoch: number }) {
 *   for (let batch = 0; batch < 5; batch++)
 *     yield { inputs: ga.tf.randomNormal([20, 8], 0, 1, "float32", 10 * epoch + batch), targets: ga.tf.zeros([20], "int32") };
 * }
 * const data = await ga.stream({ train: batches, classes: 2, shuffle: 50 });
 * console.log(data.train.inputs[0]?.sampleShape, data.batchSize); // [8] 20
 * data.dispose();
 */
export async function stream(options: StreamOptions): Promise<StreamedDataset> {
  checkOptions<StreamOptions>("ga.stream", options, OPTIONS);
  const { shuffle = 0, size = null, classes, classNames = null } = options;
  const named = classes ?? (classes === null ? null : (classNames?.length ?? null));
  if (classNames && classNames.length !== named)
    throw new RangeError(`Expected a name for each of ${named} classes but found ${classNames.length}`);
  const labels = classes === undefined && !classNames ? null : classes !== null;
  const opened: (Split | StreamedSplit)[] = [];
  try {
    const train = await openSplit("train", options.train, { shuffle, size }, labels);
    opened.push(train);
    const splits: { validation: Split | StreamedSplit | null; test: Split | StreamedSplit | null } = {
      validation: null,
      test: null,
    };
    for (const name of ["validation", "test"] as const) {
      const given = options[name];
      if (given === undefined) continue;
      const split = isSamples(given)
        ? (await inMemory(name, given, options, named ?? (train.labels ? undefined : null))).train
        : await openSplit(name, given, { shuffle: 0, size: null }, train.labels);
      splits[name] = split;
      opened.push(split);
      checkAlike(train, split, name);
    }
    const prepared = preparedColumns(train, options);
    for (const split of opened) if (split instanceof BatchSplit) split.prepare(prepared.all);
    return {
      name: options.name ?? "stream",
      classes: train.labels ? named : null,
      classNames,
      train,
      ...splits,
      augmentation: options.augmentation ?? null,
      normalisation: options.normalisation ?? null,
      batchSize: train.batchSize,
      dispose: () => opened.forEach((split) => split.dispose()),
    };
  } catch (error) {
    for (const split of opened) split.dispose();
    throw error;
  }
}

function openSplit(
  name: string,
  given: unknown,
  about: { readonly shuffle: number; readonly size: number | null },
  labels: boolean | null,
): Promise<BatchSplit> {
  if (kindOfStream(given) === null)
    throw new TypeError(
      `Expected ${name} to be a tf.data.Dataset, or a function that makes a generator of batches, but found ` +
        `${given === undefined ? "none" : given instanceof Promise ? "a Promise: await it" : typeof given}`,
    );
  return BatchSplit.open({ stream: given as BatchStream, name, ...about }, labels);
}

function isSamples(given: BatchStream | SplitSamples): given is SplitSamples {
  // A plain object that is no stream is meant to be samples, however its names are spelled.
  return typeof given === "object" && given !== null && ("targets" in given || kindOfStream(given) === null);
}

/** Samples in memory, prepared as those of the stream are. */
function inMemory(
  name: string,
  samples: SplitSamples,
  { normalisation, images, imageTargets }: StreamOptions,
  classes: number | null | undefined,
): Promise<Dataset> {
  return dataset({
    train: samples,
    name,
    ...(classes === undefined ? {} : { classes }),
    ...(normalisation === undefined ? {} : { normalisation }),
    ...(images === undefined ? {} : { images }),
    ...(imageTargets === undefined ? {} : { imageTargets }),
  });
}

/** @throws {TypeError} if samples of a split have other shapes than those for training */
function checkAlike(train: StreamedSplit, split: Split | StreamedSplit, name: string): void {
  const shapes = ({ inputs, targets, moreTargets }: Arranged<ColumnKind>) =>
    [...inputs, targets, ...moreTargets].map(({ sampleShape }) => `[${sampleShape.join(", ")}]`).join(" ");
  if (shapes(train) !== shapes(split))
    throw new TypeError(
      `Expected samples of ${name} to have the shapes of train, ${shapes(train)}, but found ${shapes(split)}`,
    );
}
