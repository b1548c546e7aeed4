import type { LayersModel, SymbolicTensor } from "../tensorflow";
import { tf } from "../tensorflow";
import { checkInputShape, checkInteger } from "./checks";
import { type InitializerName, NetworkBuilder } from "./network-builder";

/** Options of {@link vgg08} and {@link vgg38}. */
export interface ConstantWidthVggOptions {
  /** Number of classes, the size of the output. Default 100. */
  readonly classes?: number;
  /**
   * Where batch normalization stands: `true` or `"all"` after every convolution, `"blocks"` after those of the
   * processing blocks only, `false` nowhere. After the first convolution it always does. Default false.
   */
  readonly batchNorm?: boolean | "all" | "blocks";
  /** Adds the input of each processing block to its second convolution, before the last leaky ReLU. Default false. */
  readonly residual?: boolean;
  /** Channels of every convolution. Default 32. */
  readonly width?: number;
  /** [height, width, channels] of an image, at least 8 by 8. Default [32, 32, 3]. */
  readonly inputShape?: readonly [number, number, number];
  /** Fixes the initial weights; equal seeds, equal weights. Default 0. */
  readonly seed?: number;
  /**
   * How kernels and biases start. With the default, PyTorch's U(±1/√fan-in) for both, VGG38's gradients vanish as in
   * the literature; with He's or Glorot's (and zero biases) they don't, or do otherwise. Default "torch".
   */
  readonly initializer?: InitializerName;
}

/** A VGG of constant width in three stages: `blocks` processing blocks each and a reduction block. */
export function constantWidthVgg(name: string, blocks: number, options: ConstantWidthVggOptions = {}): LayersModel {
  const { classes = 100, batchNorm = false, residual = false, width = 32 } = options;
  const { inputShape = [32, 32, 3], seed = 0, initializer = "torch" } = options;
  checkInteger("classes", classes, 1);
  checkInteger("width", width, 1);
  checkInputShape(inputShape, 8, "it is halved three times");
  if (![true, false, "all", "blocks"].includes(batchNorm))
    throw new RangeError(`Expected batchNorm to be true, false, "all" or "blocks" but found ${String(batchNorm)}`);
  const normBlocks = batchNorm !== false;
  const normReductions = batchNorm === true || batchNorm === "all";
  const net = new NetworkBuilder({ inputShape, seed, initializer });

  const convNorm = (block: string, i: number, x: SymbolicTensor, bias: boolean, norm: boolean): SymbolicTensor => {
    const y = net.conv(`${block}_conv_${i}`, x, { filters: width, bias });
    return norm ? net.batchNorm(`${block}_bn_${i}`, y) : y;
  };

  let x = net.leakyRelu("input_conv_relu_0", convNorm("input_conv", 0, net.input, false, true));
  for (let stage = 0; stage < 3; stage++) {
    for (let j = 0; j < blocks; j++) {
      const block = `block_${stage}_${j}`;
      let y = net.leakyRelu(`${block}_relu_0`, convNorm(block, 0, x, false, normBlocks));
      y = convNorm(block, 1, y, false, normBlocks);
      x = net.leakyRelu(`${block}_relu_1`, residual ? net.add(`${block}_add`, y, x) : y);
    }
    const block = `reduction_block_${stage}`;
    x = net.leakyRelu(`${block}_relu_0`, convNorm(block, 0, x, true, normReductions));
    x = net.apply(tf.layers.averagePooling2d({ poolSize: 2, strides: 2, name: `${block}_pool` }), x);
    x = net.leakyRelu(`${block}_relu_1`, convNorm(block, 1, x, true, normReductions));
  }
  x = net.apply(tf.layers.globalAveragePooling2d({ name: "global_average_pool" }), x);
  return net.model(name, net.dense("weight_logit_linear_layer", x, classes));
}
