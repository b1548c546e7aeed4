import { resolve } from "node:path";
import type { CifarLayout } from "./cifar-layout";
import { CifarReader } from "./cifar-reader";
import { createDataset } from "./create-dataset";
import { createSplit } from "./create-split";
import { dataFolder } from "./data-folder";
import { labelColumn } from "./label-column";
import { PixelUploader } from "./pixel-uploader";
import { stratifiedSplit } from "./stratified-split";
import type { Augmentation, Dataset, DataSource, Normalisation, Split } from "./types";

/**
 * How the 50,000 training images are divided; the 10,000 test images are never touched.
 *
 * - `"vgp"`: 47,500 for training and 2,500 for validation, the protocol of the vanishing gradient study
 * - `"train-test"`: all 50,000 for training and none for validation, the papers of 2020 and 2023
 * - `"held-out"`: 45,000 for training and 5,000 for validation, so that choices need not be made on test images
 * - `{ validation }`: that many images for validation
 *
 * Validation images are a seeded sample with as many of each class.
 */
export type CifarSplit = "vgp" | "train-test" | "held-out" | { readonly validation: number };

const VALIDATION = { vgp: 2500, "train-test": 0, "held-out": 5000 } as const;

/** What {@link cifar10} and {@link cifar100} may be told. */
export interface CifarOptions {
  /** Folder that holds `cifar-10-batches-bin` or `cifar-100-binary`. Default `GRADAMP_DATA`, else the cache's `data/`. */
  dir?: string;
  /** Default `"held-out"` for CIFAR-10 and `"vgp"` for CIFAR-100. */
  split?: CifarSplit;
  /** Which images are held out, and which a limit keeps. Default 0. */
  seed?: number;
  /** At most so many images of each split, a seeded sample with as many of each class. Default: all. */
  limit?: { train?: number; validation?: number; test?: number };
  /** Default `{ pad: 4, flip: true }`; null for none. */
  augmentation?: Augmentation | null;
  /** Default the constants of CIFAR-10's training images, which the studies use for both sets; null for pixel / 255. */
  normalisation?: Normalisation | null;
  /** Called as images are uploaded, with how many of how many. */
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** The defaults of both sets. */
export const CIFAR_DEFAULTS = {
  augmentation: { pad: 4, flip: true },
  normalisation: { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
} as const;

/** Reads a CIFAR set onto the device. */
export async function loadCifar(
  layout: CifarLayout,
  options: Omit<CifarOptions, "split"> & { split: CifarSplit; labels: "fine" | "coarse" },
): Promise<Dataset> {
  const { split, seed = 0, limit = {}, labels: kind } = options;
  const reader = new CifarReader(layout, dataFolder(options.dir), kind);
  await reader.check();

  const trainLabels = await reader.labels("train");
  const testLabels = await reader.labels("test");
  const held = typeof split === "string" ? VALIDATION[split] : split.validation;
  if (held === undefined)
    throw new RangeError(
      `Expected the split to be "vgp", "train-test", "held-out" or { validation } but found ${String(split)}`,
    );
  const [train, validation] = stratifiedSplit(trainLabels, [trainLabels.length - held, held], { seed });
  const kept = {
    train: subset(trainLabels, train!, limit.train, seed),
    validation: subset(trainLabels, validation!, limit.validation, seed),
    test: subset(testLabels, Int32Array.from(testLabels.keys()), limit.test, seed),
  };

  const total = kept.train.length + kept.validation.length + kept.test.length;
  let done = 0;
  const load = async (part: "train" | "test", indices: Int32Array): Promise<Split> => {
    const uploader = new PixelUploader([32, 32, 3]);
    try {
      for await (const images of reader.images(part, indices)) {
        uploader.add(images);
        done += images.length / (32 * 32 * 3);
        options.onProgress?.({ done, total });
      }
      const labels = part === "train" ? trainLabels : testLabels;
      return createSplit([uploader.finish()], labelColumn(indices.map((index) => labels[index]!)));
    } finally {
      uploader.dispose();
    }
  };
  const loaded: Split[] = [];
  try {
    loaded.push(await load("train", kept.train), await load("test", kept.test));
    if (kept.validation.length > 0) loaded.push(await load("train", kept.validation));
  } catch (error) {
    for (const part of loaded) part.dispose();
    throw error;
  }
  return createDataset({
    name: layout.name,
    classes: layout.labels.find((label) => label.kind === kind)!.classes,
    classNames: await reader.classNames(),
    train: loaded[0]!,
    test: loaded[1]!,
    validation: loaded[2] ?? null,
    augmentation: options.augmentation === undefined ? CIFAR_DEFAULTS.augmentation : options.augmentation,
    normalisation: options.normalisation === undefined ? CIFAR_DEFAULTS.normalisation : options.normalisation,
    source: sourceOf(layout, options),
  });
}

function sourceOf(
  { name }: CifarLayout,
  { onProgress: _, dir, labels, ...options }: Parameters<typeof loadCifar>[1],
): DataSource {
  return {
    name: name as "cifar-10" | "cifar-100",
    options: {
      ...options,
      ...(dir === undefined ? {} : { dir: resolve(dir) }),
      ...(labels === "fine" ? {} : { labels }),
    },
  };
}

/** A stratified sample of the given positions. */
function subset(labels: Uint8Array, indices: Int32Array, limit: number | undefined, seed: number): Int32Array {
  if (limit === undefined || limit >= indices.length) return indices;
  const own = indices.map((index) => labels[index]!);
  return stratifiedSplit(own, [limit], { seed })[0]!.map((position) => indices[position]!);
}
