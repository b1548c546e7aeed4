import { CIFAR10 } from "./cifar-layout";
import { CIFAR10 as OPTIONS, type CifarOptions, readFields } from "../../spec";
import { loadCifar } from "./load-cifar";
import type { Dataset } from "../types";

/**
 * CIFAR-10 on the device: 32×32 colour images of 10 classes, `[32, 32, 3]` uint8, int32 labels.
 *
 * By default 45,000 training images with random crops and mirroring, 5,000 validation images held out of the 50,000 with
 * 500 of each class, and 10,000 test images.
 *
 * @param options sizes, split, folder, augmentation and normalisation
 * @throws {Error} if the set is not there, naming the folder and how to get it; if a file is truncated or foreign,
 *   naming it with its expected and found sizes
 * @throws {RangeError} if a split or limit does not fit the data, or a file holds impossible labels
 *
 * Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
 *
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * if (advanced.presentDatasets().find(({ name }) => name === "cifar-10")?.present) {
 *   const data = await ga.cifar10({ limit: { train: 1000, validation: 100, test: 100 } });
 *   console.log(data.train.size, data.classNames?.[0]); // 1000 airplane
 *   data.dispose();
 * }
 */
export async function cifar10(options: CifarOptions = {}): Promise<Dataset> {
  return loadCifar(CIFAR10, { split: readFields(OPTIONS, options).split, ...options });
}
