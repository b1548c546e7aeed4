import { checkArgument } from "../options";
import { crc32 } from "node:zlib";
import { tf } from "../tensorflow";
import { refuseDisposed } from "./columns/column-use";
import { isStreamed } from "./streams/read-split";
import type { Split, StreamedSplit, TrainingData } from "./types";

/** Inputs that are looked at; labels are, all of them. */
const SAMPLES = 64;

/** What tells a data set from another: sizes, shapes, preparation, all targets and some inputs. */
export interface Fingerprint {
  /** The data set's name. */
  readonly name: string;
  /** How many; null where targets are no classes. */
  readonly classes: number | null;
  /** Of a sample, for each input. */
  readonly shapes: readonly (readonly number[])[];
  /** Its settings; null for none. */
  readonly augmentation: unknown;
  /** Mean and deviation of each channel; null for none. */
  readonly normalisation: unknown;
  /** Which of several inputs are images and normalised; left out where there is one, or nothing to prepare. */
  readonly prepared?: readonly (readonly [image: boolean, normalised: boolean])[];
  /** Size and checksum of each split. */
  readonly splits: Readonly<Record<"train" | "validation" | "test", { size: number | null; checksum: string } | null>>;
}

/**
 * The fingerprint of a data set: plain JSON, equal for equal data.
 *
 * @param dataset any data set
 * @throws {Error} if it was disposed of
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const [a, b] = [0, 1].map((seed) => ga.embedded({ train: 20, validation: 0, test: 0, seed }));
 * const prints = [await advanced.fingerprint(a!), await advanced.fingerprint(b!)];
 * console.log(prints[0]?.splits.train?.checksum === prints[1]?.splits.train?.checksum); // false
 */
export async function fingerprint(dataset: TrainingData): Promise<Fingerprint> {
  checkArgument(dataset, "a data set", "train");
  refuseDisposed(dataset);
  const { name, classes, train, validation, test, augmentation, normalisation } = dataset;
  return {
    name,
    classes,
    shapes: train.inputs.map(({ sampleShape }) => sampleShape),
    augmentation,
    normalisation,
    ...(train.inputs.length > 1 && (augmentation || normalisation)
      ? { prepared: train.inputs.map(({ image, normalised }) => [image, normalised] as const) }
      : {}),
    splits: {
      train: await ofSplit(train),
      validation: validation && (await ofSplit(validation)),
      test: test && (await ofSplit(test)),
    },
  };
}

async function ofSplit(split: Split | StreamedSplit): Promise<{ size: number | null; checksum: string }> {
  // How many samples a stream has is known only once it was read.
  if (isStreamed(split)) return { size: null, checksum: await split.checksum() };
  const { size, inputs, targets } = split;
  let checksum = 0;
  for (const column of [targets, ...inputs]) {
    const count = column === targets ? size : Math.min(size, SAMPLES);
    // Spread over the split, so that another order or another sample shows.
    const values = tf.tidy(() => {
      const positions = Int32Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
      return column.gather(tf.tensor1d(positions, "int32"));
    });
    const found = await values.data<"float32" | "int32">();
    values.dispose();
    checksum = crc32(new Uint8Array(found.buffer, found.byteOffset, found.byteLength), checksum);
  }
  return { size, checksum: checksum.toString(16).padStart(8, "0") };
}
