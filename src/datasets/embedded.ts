import { checkMemory } from "./check-memory";
import { createDataset } from "./create-dataset";
import { createSplit } from "./create-split";
import { generateImages, generatedClassNames } from "./generate-images";
import { labelColumn } from "./label-column";
import { CIFAR_DEFAULTS } from "./load-cifar";
import { PixelUploader } from "./pixel-uploader";
import type { Augmentation, Dataset, Normalisation, Split } from "./types";

/** What {@link embedded} may be told. */
export interface EmbeddedOptions {
  /** Training images. Default 2,000. */
  train?: number;
  /** Validation images; 0 for no such split. Default 500. */
  validation?: number;
  /** Test images; 0 for no such split. Default 1,000. */
  test?: number;
  /** 10 shapes, mostly with a texture of their own each, or all 100 combinations of a shape and a texture. Default 10. */
  classes?: 10 | 100;
  /** Which images are drawn. Default 0. */
  seed?: number;
  /** Default `{ pad: 4, flip: true }`; null for none. */
  augmentation?: Augmentation | null;
  /** Default CIFAR's constants, so that the same network takes either; null for pixel / 255. */
  normalisation?: Normalisation | null;
}

/**
 * A small data set in the layout of CIFAR that needs no download: textured figures in cluttered colour scenes.
 *
 * Drawn anew from the seed each time (3,500 images in about a second). Position, size, turn, colours, contrast and
 * clutter are random: of ten classes a linear model on pixels gets 26 % right, VGG08 74 % after 30 epochs
 * in batches of 100, VGG38 with batch norm and shortcuts 90 % after 20.
 *
 * @throws {RangeError} where a size is no count, there is no training image, classes is neither 10 nor 100, or the
 * images do not fit into memory
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 100, validation: 20, test: 50 });
 * console.log(data.train.size, data.classNames?.length); // 100 10
 * data.dispose();
 */
export function embedded(options: EmbeddedOptions = {}): Dataset {
  const { train = 2000, validation = 500, test = 1000, classes = 10, seed = 0 } = options;
  if (classes !== 10 && classes !== 100)
    throw new RangeError(`Expected the embedded data to have 10 or 100 classes but found ${String(classes)}`);
  for (const [name, size, least] of [
    ["train", train, 1],
    ["validation", validation, 0],
    ["test", test, 0],
  ] as const)
    if (!Number.isInteger(size) || size < least)
      throw new RangeError(`Expected ${name} to be an integer of at least ${least} images but found ${size}`);
  // As bytes, as the integers that tfjs uploads, and as what is kept.
  const count = Math.max(train, validation, test);
  checkMemory(`${count.toLocaleString("en-US")} images`, count * 32 * 32 * 3, 6);

  const draw = (size: number, stream: number): Split | null => {
    if (size === 0) return null;
    const { images, labels } = generateImages(size, { classes, seed, stream });
    const uploader = new PixelUploader([32, 32, 3]);
    uploader.add(images);
    return createSplit([uploader.finish()], labelColumn(labels));
  };
  return createDataset({
    name: classes === 10 ? "embedded" : "embedded-100",
    classes,
    classNames: generatedClassNames(classes),
    train: draw(train, 0)!,
    validation: draw(validation, 1),
    test: draw(test, 2),
    augmentation: options.augmentation === undefined ? CIFAR_DEFAULTS.augmentation : options.augmentation,
    normalisation: options.normalisation === undefined ? CIFAR_DEFAULTS.normalisation : options.normalisation,
    source: { name: "embedded", options: { ...options } },
  });
}
