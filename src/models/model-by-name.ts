import type { LayersModel } from "../tensorflow";
import { type ConstantWidthVggOptions, MODELS as OPTIONS, type ModelName, nearest } from "../spec";
import { resnet101 } from "./resnet101";
import { resnet18 } from "./resnet18";
import { resnet34 } from "./resnet34";
import { resnet50 } from "./resnet50";
import { vgg08 } from "./vgg08";
import { vgg19 } from "./vgg19";
import { vgg38 } from "./vgg38";

/** Options of the networks; all take those of an image classifier, VGG08 and VGG38 a few more. */
export type ModelOptions = ConstantWidthVggOptions;

const MODELS = {
  vgg08: (options: ModelOptions) => vgg08(options),
  "vgg08-bn": (options: ModelOptions) => vgg08({ ...options, batchNorm: "all" }),
  vgg38: (options: ModelOptions) => vgg38(options),
  "vgg38-bn": (options: ModelOptions) => vgg38({ ...options, batchNorm: "all" }),
  "vgg38-bn-blocks": (options: ModelOptions) => vgg38({ ...options, batchNorm: "blocks" }),
  "vgg38-rc": (options: ModelOptions) => vgg38({ ...options, residual: true }),
  "vgg38-bn-rc": (options: ModelOptions) => vgg38({ ...options, batchNorm: "all", residual: true }),
  vgg19: (options: ModelOptions) => vgg19(options),
  resnet18: (options: ModelOptions) => resnet18(options),
  resnet34: (options: ModelOptions) => resnet34(options),
  resnet50: (options: ModelOptions) => resnet50(options),
  resnet101: (options: ModelOptions) => resnet101(options),
} as const satisfies Record<ModelName, (options: ModelOptions) => LayersModel>;

/** Every name that {@link modelByName} knows. */
export const modelNames = Object.keys(OPTIONS) as readonly ModelName[];

/**
 * Builds a network by its name: `vgg08`, `vgg38-bn-rc`, `resnet18`, …
 *
 * `-bn` has batch norm after every convolution, `-bn-blocks` in the processing blocks only, `-rc` residual connections.
 *
 * @param name `"vgg08"`, `"vgg19"`, `"vgg38"`, `"resnet18"` and so on
 * @param options those of the network, with its classes
 * @throws {RangeError} if no network is called so, or an option is out of range
 * @example
 * import * as ga from "gradamp";
 * const model = ga.modelByName("vgg38-bn-rc", { classes: 10, width: 4 });
 */
export function modelByName(name: string, options: ModelOptions = {}): LayersModel {
  if (!Object.hasOwn(MODELS, name)) {
    const near = nearest(String(name), modelNames);
    const remedy = near === null ? "" : `: did you mean ${near}?`;
    throw new RangeError(`Expected a network's name (${modelNames.join(", ")}) but found "${name}"${remedy}`);
  }
  return MODELS[name as ModelName](options);
}
