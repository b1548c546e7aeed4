import { resolve } from "node:path";
import type { CifarLayout } from "./cifar-layout";
import { CifarReader } from "./cifar-reader";
import { createDataset } from "../create-dataset";
import { createSplit } from "../create-split";
import { dataFolder } from "./data-folder";
import { labelColumn } from "../columns/label-column";
import { PixelUploader } from "../columns/pixel-uploader";
import { stratifiedSplit } from "../stratified-split";
import { CIFAR100, type Cifar100Options, readFields } from "../../spec";
import type { Dataset, DataSource, Split } from "../types";

const VALIDATION = { vgp: 2500, "train-test": 0, "held-out": 5000 } as const;

/** Reads a CIFAR set onto the device. */
export async function loadCifar(layout: CifarLayout, given: Cifar100Options): Promise<Dataset> {
  const options = readFields(CIFAR100, given);
  const { split, seed, labels: kind } = options;
  const limit = options.limit ?? {};
  const reader = new CifarReader(layout, dataFolder(options.dir), kind);
  await reader.check();

  const trainLabels = await reader.labels("train");
  const testLabels = await reader.labels("test");
  const held = typeof split === "string" ? VALIDATION[split] : split.validation;
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
    augmentation: options.augmentation,
    normalisation: options.normalisation,
    source: sourceOf(layout, given),
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
      ...(labels === "coarse" ? { labels } : {}),
    },
  };
}

/** A stratified sample of the given positions. */
function subset(labels: Uint8Array, indices: Int32Array, limit: number | undefined, seed: number): Int32Array {
  if (limit === undefined || limit >= indices.length) return indices;
  const own = indices.map((index) => labels[index]!);
  return stratifiedSplit(own, [limit], { seed })[0]!.map((position) => indices[position]!);
}
