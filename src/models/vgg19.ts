import { type LayersModel, tf } from "../tensorflow";
import { type ImageClassifierOptions, readFields, VGG19 } from "../spec";
import { NetworkBuilder } from "./network-builder";

/** Convolutions of each stage, and their channels in units of the width. */
const STAGES = [
  { convolutions: 2, channels: 1 },
  { convolutions: 2, channels: 2 },
  { convolutions: 4, channels: 4 },
  { convolutions: 4, channels: 8 },
  { convolutions: 4, channels: 8 },
];

/**
 * VGG-19 for CIFAR: 16 convolutions (3×3, with bias), each with batch norm and ReLU, five 2×2 max poolings, one linear layer.
 *
 * Input [batch, 32, 32, 3], output logits [batch, classes]. 20,040,522 trainable parameters with 10 classes, 20,086,692 with
 * 100. PyTorch's initialisation. Layers are `block_S_conv_J`, `block_S_bn_J`, `block_S_relu_J`, `block_S_pool`, `linear`.
 * Source: Simonyan and Zisserman 2015, configuration E, with CIFAR's usual single linear layer.
 *
 * @param options classes, width, input shape, seed and initializer
 * @throws {RangeError} if an option is out of range; images must be at least 32 by 32
 * @example
 * import * as ga from "gradamp";
 * const model = ga.vgg19({ width: 4 });
 * console.log(model.layers.filter((layer) => layer.name.includes("_bn_")).length); // 16
 */
export function vgg19(options: ImageClassifierOptions = {}): LayersModel {
  const { classes, width, inputShape, seed, initializer } = readFields(VGG19, options);
  const net = new NetworkBuilder({ inputShape, seed, initializer });
  let x = net.input;
  STAGES.forEach(({ convolutions, channels }, s) => {
    for (let j = 0; j < convolutions; j++) {
      x = net.conv(`block_${s}_conv_${j}`, x, { filters: channels * width, bias: true });
      x = net.relu(`block_${s}_relu_${j}`, net.batchNorm(`block_${s}_bn_${j}`, x));
    }
    x = net.apply(tf.layers.maxPooling2d({ poolSize: 2, strides: 2, name: `block_${s}_pool` }), x);
  });
  x = net.apply(tf.layers.flatten({ name: "flatten" }), x);
  return net.model("vgg19", net.dense("linear", x, classes));
}
