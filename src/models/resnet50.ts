import type { LayersModel } from "../tensorflow";
import type { ImageClassifierOptions } from "../spec";
import { resnet } from "./resnet";

/**
 * ResNet-50 for CIFAR: 3×3 stem of stride 1 without pooling, bottleneck blocks [3, 4, 6, 3], global average pool, one linear layer.
 *
 * Input [batch, 32, 32, 3], output logits [batch, classes]. 23,520,842 trainable parameters with 10 classes, 23,705,252 with
 * 100; 53 batch norm layers, 49 ReLUs, 16 blocks. PyTorch's initialisation.
 * Source: He et al. 2016, with the stem that is usual for CIFAR.
 *
 * @param options classes, width, input shape, seed and initializer
 * @throws {RangeError} if an option is out of range
 * @example
 * import * as ga from "gradamp";
 * const model = ga.resnet50({ classes: 10, width: 2 });
 * console.log(model.countParams());
 */
export function resnet50(options: ImageClassifierOptions = {}): LayersModel {
  return resnet("resnet50", { block: "bottleneck", blocks: [3, 4, 6, 3] }, options);
}
