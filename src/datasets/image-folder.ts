import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { nativeBackend } from "../tensorflow";
import { checkMemory } from "./check-memory";
import { createDataset } from "./create-dataset";
import { createSplit } from "./create-split";
import { decodeImage } from "./decode-image";
import { labelColumn } from "./label-column";
import { PixelUploader } from "./pixel-uploader";
import { stratifiedSplit } from "./stratified-split";
import { IMAGE_FOLDER, type ImageFolderOptions, readFields } from "../spec";
import type { Dataset, Split } from "./types";

/**
 * Reads a folder of images onto the device: one folder a class, `DIR/CLASS/any.png`; classes are sorted by name.
 *
 * PNG and JPEG; grey images are repeated over the three channels and transparency is dropped; resized with
 * antialiasing, without keeping proportions; held as uint8. Files and folders whose names begin with a dot are ignored.
 *
 * @throws {Error} on tfjs's JavaScript backend, which has no decoders; where a file is neither PNG nor JPEG or cannot be
 *   read, naming it; where the folder holds no classes or a class no images
 * @throws {RangeError} for wrong sizes and fractions
 *
 * @example
 * import * as ga from "gradamp";
 * import { existsSync } from "node:fs";
 * if (existsSync("flowers")) {
 *   const data = await ga.imageFolder("flowers", { size: [32, 32], validationFraction: 0.2 });
 *   console.log(data.classNames, data.train.size);
 *   data.dispose();
 * }
 */
export async function imageFolder(dir: string, options: ImageFolderOptions): Promise<Dataset> {
  const { size, validationFraction, testFraction, seed, augmentation, normalisation } = readFields(
    IMAGE_FOLDER,
    options,
  );
  const { onProgress: _, ...plain } = options;
  if (validationFraction + testFraction >= 1)
    throw new RangeError("Expected validationFraction and testFraction to leave images for training");
  if (!nativeBackend())
    throw new Error("Expected TensorFlow's native backend, which decodes images: run `gradamp setup`");

  const { files, classNames } = await listImages(dir);
  const [height, width] = size;
  checkMemory(`${files.length} images of ${height} × ${width} pixels`, files.length * height * width * 3, 2);
  const sizes = [validationFraction, testFraction].map((fraction) => Math.round(fraction * files.length));
  const labels = files.map(({ label }) => label);
  const groups = stratifiedSplit(labels, [files.length - sizes[0]! - sizes[1]!, ...sizes], { seed });
  let done = 0;
  const splits: (Split | null)[] = [];
  try {
    for (const group of groups) {
      const members = Array.from(group, (index) => files[index]!);
      const onImage = () => options.onProgress?.({ done: ++done, total: files.length });
      splits.push(members.length === 0 ? null : await readImages(members, size, onImage));
    }
    if (!splits[0]) throw new RangeError(`Expected images for training but found ${files.length} in all in ${dir}`);
  } catch (error) {
    for (const split of splits) split?.dispose();
    throw error;
  }
  return createDataset({
    name: options.name ?? dir,
    classes: classNames.length,
    classNames,
    train: splits[0],
    validation: splits[1] ?? null,
    test: splits[2] ?? null,
    augmentation,
    normalisation,
    source: { name: "folder", options: { ...plain, dir: resolve(dir) } },
  });
}

interface ImageFile {
  readonly path: string;
  readonly label: number;
}

async function listImages(dir: string): Promise<{ files: ImageFile[]; classNames: string[] }> {
  const visible = async (folder: string) =>
    (await readdir(folder, { withFileTypes: true }))
      .filter(({ name }) => !name.startsWith("."))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries = await visible(dir).catch((error: Error) => {
    throw new Error(`Expected a folder of images at ${dir} but could not list it: ${error.message}`);
  });
  const classNames = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (classNames.length === 0) throw new Error(`Expected a folder for each class in ${dir} but found none`);
  const files: ImageFile[] = [];
  for (const [label, name] of classNames.entries()) {
    const images = (await visible(join(dir, name))).filter((entry) => !entry.isDirectory());
    if (images.length === 0) throw new Error(`Expected images in ${join(dir, name)} but found none`);
    for (const image of images) files.push({ path: join(dir, name, image.name), label });
  }
  return { files, classNames };
}

async function readImages(
  files: readonly ImageFile[],
  [height, width]: readonly [number, number],
  onImage: () => void,
): Promise<Split> {
  const uploader = new PixelUploader([height, width, 3]);
  try {
    for (const { path } of files) {
      uploader.addTensor(decodeImage(await readFile(path), path, [height, width]));
      onImage();
    }
    return createSplit([uploader.finish()], labelColumn(files.map(({ label }) => label)));
  } finally {
    uploader.dispose();
  }
}
