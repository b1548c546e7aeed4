import type { LayersModel } from "../tensorflow";
import type { ConstantWidthVggOptions } from "../spec";
import { constantWidthVgg } from "./constant-width-vgg";

/**
 * VGG08: seven convolutions of constant width and a linear layer, shallow enough to train without batch norm or shortcuts.
 *
 * Input [batch, 32, 32, 3], output logits [batch, classes]. 59,716 trainable parameters with 100 classes, 60,100 with
 * batch norm. The first convolution is always followed by batch norm; the slope of the leaky ReLUs is 0.01.
 * Source: the networks of "Analysis of vanishing gradient problem".
 *
 * @param options classes, width, input shape, batch norm, residual connections, activation, seed and initializer
 * @throws {RangeError} if an option is out of range
 * @example
 * import * as ga from "gradamp";
 * const model = ga.vgg08({ classes: 10, width: 8 });
 * model.summary();
 */
export function vgg08(options: ConstantWidthVggOptions = {}): LayersModel {
  return constantWidthVgg("vgg08", 0, options);
}
