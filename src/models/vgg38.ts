import type { LayersModel } from "../tensorflow";
import type { ConstantWidthVggOptions } from "../spec";
import { constantWidthVgg } from "./constant-width-vgg";

/**
 * VGG38: 37 convolutions of constant width and a linear layer, too deep to train without batch norm or shortcuts.
 *
 * Input [batch, 32, 32, 3], output logits [batch, classes]. Trainable parameters with 100 classes: 336,196, residual or
 * not; 338,500 with batch norm everywhere, 338,116 with `batchNorm: "blocks"`. At the start the mean |gradient| of the plain
 * network is about 1e-18 at the input and 1e-4 at the head; with `activation: "selu"` and the initialiser that comes with it
 * 6e-3 and 2e-3, with ELU 4e-13 and GELU 1e-23 at the input. Source: the networks of "Analysis of vanishing gradient problem".
 *
 * @param options classes, width, input shape, batch norm, residual connections, activation, seed and initializer
 * @throws {RangeError} if an option is out of range
 * @example
 * import * as ga from "gradamp";
 * const model = ga.vgg38({ batchNorm: true, residual: true, width: 4 });
 * console.log(model.countParams());
 */
export function vgg38(options: ConstantWidthVggOptions = {}): LayersModel {
  return constantWidthVgg("vgg38", 5, options);
}
