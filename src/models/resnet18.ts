import type { LayersModel } from "../tensorflow";
import type { ImageClassifierOptions } from "../spec";
import { resnet } from "./resnet";

/**
 * ResNet-18 for CIFAR: 3×3 stem of stride 1 without pooling, basic blocks [2, 2, 2, 2], global average pool, one linear layer.
 *
 * Input [batch, 32, 32, 3], output logits [batch, classes]. 11,173,962 trainable parameters with 10 classes, 11,220,132 with
 * 100; 20 batch norm layers, 17 ReLUs, 8 blocks. PyTorch's initialisation.
 * Source: He et al. 2016, with the stem that is usual for CIFAR.
 *
 * @param options classes, width, input shape, seed and initializer
 * @throws {RangeError} if an option is out of range
 * @example
 * import * as ga from "gradamp";
 * const model = ga.resnet18({ classes: 10, width: 2 });
 * console.log(model.countParams());
 */
export function resnet18(options: ImageClassifierOptions = {}): LayersModel {
  return resnet("resnet18", { block: "basic", blocks: [2, 2, 2, 2] }, options);
}
