import { checkMemory } from "./columns/check-memory";
import { createDataset } from "./create-dataset";
import { createSplit } from "./create-split";
import { generateImages, generatedClassNames } from "./generate-images";
import { labelColumn } from "./columns/label-column";
import { PixelUploader } from "./columns/pixel-uploader";
import { EMBEDDED, type EmbeddedOptions, readFields } from "../spec";
import type { Dataset, Split } from "./types";

/**
 * A small data set in the layout of CIFAR that needs no download: textured figures in cluttered colour scenes.
 *
 * Drawn anew from the seed each time (3,500 images in about a second). Position, size, turn, colours, contrast and
 * clutter are random: of ten classes a linear model on pixels gets 26 % right, VGG08 74 % after 30 epochs
 * in batches of 100, VGG38 with batch norm and shortcuts 90 % after 20.
 *
 * @param options sizes, classes, seed, augmentation and normalisation
 * @throws {RangeError} if a size is no count, there is no training image, classes is neither 10 nor 100, or the images
 *   do not fit into memory
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 100, validation: 20, test: 50 });
 * console.log(data.train.size, data.classNames?.length); // 100 10
 * data.dispose();
 */
export function embedded(options: EmbeddedOptions = {}): Dataset {
  const { train, validation, test, classes, seed, augmentation, normalisation } = readFields(EMBEDDED, options);
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
    augmentation,
    normalisation,
    source: { name: "embedded", options: { ...options } },
  });
}
