import { CIFAR100 } from "./cifar-layout";
import { CIFAR100 as OPTIONS, type Cifar100Options, readFields } from "../../spec";
import { loadCifar } from "./load-cifar";
import type { Dataset } from "../types";

/**
 * CIFAR-100 on the device: 32×32 colour images of 100 classes, `[32, 32, 3]` uint8, int32 labels.
 *
 * By default 47,500 training images with random crops and mirroring, 2,500 validation images held out of the 50,000 with
 * 25 of each class, and 10,000 test images.
 *
 * @param options sizes, split, folder, labels, augmentation and normalisation
 * @throws {Error} if the set is not there, naming the folder and how to get it; if a file is truncated or foreign,
 *   naming it with its expected and found sizes
 * @throws {RangeError} if a split or limit does not fit the data, or a file holds impossible labels
 *
 * Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
 *
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * if (advanced.presentDatasets().find(({ name }) => name === "cifar-100")?.present) {
 *   const data = await ga.cifar100({ limit: { train: 1000, validation: 100, test: 100 } });
 *   console.log(data.train.size, data.classNames?.[0]); // 1000 apple
 *   data.dispose();
 * }
 */
export async function cifar100(options: Cifar100Options = {}): Promise<Dataset> {
  return loadCifar(CIFAR100, { split: readFields(OPTIONS, options).split, ...options });
}
