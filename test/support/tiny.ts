import { type Augmentation, type Dataset, embedded } from "../../src/datasets";
import { vgg08 } from "../../src/models";
import type { LayersModel } from "../../src/tensorflow";

/** A few images of the embedded data, for tests of what training does rather than of what it learns. */
export function tinyData(
  sizes: { train?: number; validation?: number; test?: number; augmentation?: Augmentation | null } = {},
): Dataset {
  return embedded({ train: 50, validation: 20, test: 20, ...sizes });
}

/** VGG08 with a few channels, in a tenth of a second a step. */
export function tinyModel(options: { batchNorm?: boolean; seed?: number; width?: number } = {}): LayersModel {
  return vgg08({ classes: 10, width: 4, ...options });
}
