import { EMBEDDED } from "../spec";
import { checkOptions, checkPath, type KindsOf } from "../options";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../files/make-folder";
import { generatedClassNames, generateImages } from "./generate-images";

/** What {@link exportEmbedded} may be told; sizes and seed as in {@link embedded}. */
export interface ExportEmbeddedOptions {
  /** Training images. Default: 2,000. */
  train?: number;
  /** Validation images. Default: 500. */
  validation?: number;
  /** Test images. Default: 1,000. */
  test?: number;
  /** 10 shapes, or all 100 combinations of a shape and a texture. Default: 10. */
  classes?: 10 | 100;
  /** Which images are drawn. Default: 0. */
  seed?: number;
}

const { train, validation, test, classes, seed } = EMBEDDED;
const KINDS: KindsOf<ExportEmbeddedOptions> = {
  train: train.kind,
  validation: validation.kind,
  test: test.kind,
  classes: classes.kind,
  seed: seed.kind,
};

const PIXELS = 32 * 32;

/**
 * Writes the embedded data set as files in CIFAR's binary layout, for other programs: `train.bin`, `validation.bin` and
 * `test.bin` of one label byte (two, shape and class, with 100 classes) and three planes of 1,024 bytes an image, and
 * `class_names.txt`.
 *
 * @param dir folder to write to, created if need be
 * @param options sizes, classes and seed, as of `ga.embedded`
 * @returns the files' paths
 * @throws {TypeError} for an unknown option or one of a wrong kind
 * @throws {RangeError} for a number that makes no sense
 *
 * @example
 * import * as ga from "gradamp";
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * const dir = mkdtempSync(`${tmpdir()}/embedded-`);
 * console.log(await ga.exportEmbedded(dir, { train: 20, validation: 10, test: 10 }));
 */
export async function exportEmbedded(dir: string, options: ExportEmbeddedOptions = {}): Promise<string[]> {
  checkOptions("exportEmbedded", options, KINDS);
  checkPath(dir, "a folder to write to");
  const { train = 2000, validation = 500, test = 1000, classes = 10, seed = 0 } = options;
  makeFolder(dir);
  const written: string[] = [];
  const write = async (name: string, content: Uint8Array | string) => {
    const path = join(dir, name);
    await writeFile(`${path}.part-${process.pid}`, content);
    await rename(`${path}.part-${process.pid}`, path);
    written.push(path);
  };
  for (const [stream, [name, size]] of Object.entries({ train, validation, test }).entries()) {
    const { images, labels } = generateImages(size, { classes, seed, stream });
    const head = classes === 10 ? 1 : 2;
    const stride = head + 3 * PIXELS;
    const bytes = new Uint8Array(size * stride);
    for (let i = 0; i < size; i++) {
      bytes[i * stride + head - 1] = labels[i]!;
      if (head === 2) bytes[i * stride] = Math.floor(labels[i]! / 10);
      for (let p = 0; p < PIXELS; p++)
        for (let c = 0; c < 3; c++) bytes[i * stride + head + c * PIXELS + p] = images[(i * PIXELS + p) * 3 + c]!;
    }
    await write(`${name}.bin`, bytes);
  }
  await write(
    "class_names.txt",
    generatedClassNames(classes)
      .map((name) => `${name}\n`)
      .join(""),
  );
  return written;
}
