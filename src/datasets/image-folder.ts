import { checkPath } from "../options";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { nativeBackend } from "../tensorflow";
import { checkMemory } from "./columns/check-memory";
import { createDataset } from "./create-dataset";
import { createSplit } from "./create-split";
import { decodeImage } from "./decode-image";
import { labelColumn } from "./columns/label-column";
import { PixelUploader } from "./columns/pixel-uploader";
import { stratifiedSplit } from "./stratified-split";
import { IMAGE_FOLDER, type ImageFolderOptions, readFields } from "../spec";
import { FolderSplit, type ImageFile } from "./streams/folder-split";
import type { Dataset, Split, StreamedDataset } from "./types";

/**
 * Reads a folder of images onto the device: one folder a class, `DIR/CLASS/any.png`; classes are sorted by name.
 *
 * PNG and JPEG; grey images are repeated over the three channels and transparency is dropped; resized with
 * antialiasing, without keeping proportions; held as uint8. Photographs are turned as their EXIF orientation says. Folders in
 * a class's folder belong to the class, links are followed, and what begins with a dot is ignored.
 *
 * @param dir a folder with a folder for each class
 * @param options size, shares of the splits, seed, augmentation and normalisation
 * @throws {Error} if tfjs runs on its JavaScript backend, which has no decoders; if a file is neither PNG nor JPEG or
 *   cannot be read (the message names it); if a link is broken, the folder holds no classes, or a class has no images
 * @throws {RangeError} for wrong sizes and fractions, and if they leave a class no image for training
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
export function imageFolder(dir: string, options: ImageFolderOptions & { lazy: true }): Promise<StreamedDataset>;
export function imageFolder(dir: string, options?: ImageFolderOptions & { lazy?: false }): Promise<Dataset>;
export function imageFolder(dir: string, options?: ImageFolderOptions): Promise<Dataset | StreamedDataset>;
export async function imageFolder(dir: string, options: ImageFolderOptions = {}): Promise<Dataset | StreamedDataset> {
  checkPath(dir, "a folder of images");
  const { lazy, size, validationFraction, testFraction, seed, augmentation, normalisation } = readFields(
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
  if (!lazy) checkMemory(`${files.length} images of ${height} × ${width} pixels`, files.length * height * width * 3, 2);
  const sizes = [validationFraction, testFraction].map((fraction) => Math.round(fraction * files.length));
  const labels = files.map(({ label }) => label);
  const groups = stratifiedSplit(labels, [files.length - sizes[0]! - sizes[1]!, ...sizes], { seed });
  const trained = new Set(Array.from(groups[0]!, (index) => labels[index]!));
  const without = classNames.findIndex((_, label) => !trained.has(label));
  if (without >= 0)
    throw new RangeError(
      `Expected images of every class for training but all ${labels.filter((label) => label === without).length} of ` +
        `${classNames[without]} are held out: add images, or lower validationFraction and testFraction`,
    );
  const about = {
    name: options.name ?? dir,
    classes: classNames.length,
    classNames,
    augmentation,
    normalisation,
    source: { name: "folder", options: { ...plain, size, dir: resolve(dir) } },
  } as const;
  if (lazy) {
    const [train, validation, test] = groups.map((group) =>
      group.length === 0
        ? null
        : new FolderSplit(
            dir,
            Array.from(group, (index) => files[index]!),
            size,
          ),
    ) as [FolderSplit | null, FolderSplit | null, FolderSplit | null];
    if (!train) throw new RangeError(`Expected images for training but found ${files.length} in all in ${dir}`);
    const dispose = () => [train, validation, test].forEach((split) => split?.dispose());
    return { ...about, train, validation, test, batchSize: null, dispose };
  }
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
    ...about,
    train: splits[0],
    validation: splits[1] ?? null,
    test: splits[2] ?? null,
  });
}

async function listImages(dir: string): Promise<{ files: ImageFile[]; classNames: string[] }> {
  const entries = await entriesOf(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    throw new Error(`Expected a folder of images at ${dir} but could not list it: ${error.message}`);
  });
  const folders = entries.filter(({ isFolder }) => isFolder);
  if (folders.length === 0) {
    const images =
      entries.length === 0 ? "" : ` (only files, such as ${entries[0]!.name}, which no folder says the class of)`;
    throw new Error(`Expected a folder for each class in ${dir} but found none${images}`);
  }
  const files: ImageFile[] = [];
  for (const [label, { path }] of folders.entries()) {
    const images = await imagesIn(path, new Set());
    if (images.length === 0)
      throw new Error(`Expected images in ${path} but found none: put some there, or remove the folder`);
    files.push(...images.map((image) => ({ ...image, label })));
  }
  return { files, classNames: folders.map(({ name }) => name) };
}

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly bytes: number;
}

/** What a folder holds, sorted by name, without what begins with a dot; links are what they lead to. */
async function entriesOf(folder: string): Promise<Entry[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith(".")).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path).catch((error: Error) => {
        throw new Error(
          `Expected ${path} to be a folder or an image but it leads nowhere (${error.message}): mend or remove the link`,
        );
      });
      return { name, path, isFolder: found.isDirectory(), bytes: found.size };
    }),
  );
}

/** All files in a folder and the folders in it; each folder once, should links lead round in a circle. */
async function imagesIn(folder: string, seen: Set<string>): Promise<Pick<ImageFile, "path" | "bytes">[]> {
  const real = await realpath(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  const found: Pick<ImageFile, "path" | "bytes">[] = [];
  for (const { path, isFolder, bytes } of await entriesOf(folder)) {
    if (isFolder) found.push(...(await imagesIn(path, seen)));
    else found.push({ path, bytes });
  }
  return found;
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
