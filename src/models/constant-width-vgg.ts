import type { LayersModel, SymbolicTensor } from "../tensorflow";
import { tf } from "../tensorflow";
import { CONSTANT_WIDTH_VGG, type ConstantWidthVggOptions, readFields } from "../spec";
import { NetworkBuilder } from "./network-builder";

/** A VGG of constant width in three stages: `blocks` processing blocks each and a reduction block. */
export function constantWidthVgg(name: string, blocks: number, options: ConstantWidthVggOptions = {}): LayersModel {
  const read = readFields(CONSTANT_WIDTH_VGG, options);
  const { classes, batchNorm, residual, width, inputShape, seed, activation } = read;
  // SELU keeps mean and variance only where weights have variance 1/fan-in (Klambauer et al. 2017, section 2).
  const initializer = activation === "selu" && options.initializer === undefined ? "leCunNormal" : read.initializer;
  const normBlocks = batchNorm !== false;
  const normReductions = batchNorm === true || batchNorm === "all";
  const net = new NetworkBuilder({ inputShape, seed, initializer });

  const convNorm = (block: string, i: number, x: SymbolicTensor, bias: boolean, norm: boolean): SymbolicTensor => {
    const y = net.conv(`${block}_conv_${i}`, x, { filters: width, bias });
    return norm ? net.batchNorm(`${block}_bn_${i}`, y) : y;
  };

  // Leaky ReLUs keep the names that they have in the papers' networks.
  const word = activation === "leakyRelu" ? "relu" : activation;
  const activate = (block: string, i: number, y: SymbolicTensor): SymbolicTensor =>
    net.activation(activation, `${block}_${word}_${i}`, y);

  let x = activate("input_conv", 0, convNorm("input_conv", 0, net.input, false, true));
  for (let stage = 0; stage < 3; stage++) {
    for (let j = 0; j < blocks; j++) {
      const block = `block_${stage}_${j}`;
      let y = activate(block, 0, convNorm(block, 0, x, false, normBlocks));
      y = convNorm(block, 1, y, false, normBlocks);
      x = activate(block, 1, residual ? net.add(`${block}_add`, y, x) : y);
    }
    const block = `reduction_block_${stage}`;
    x = activate(block, 0, convNorm(block, 0, x, true, normReductions));
    x = net.apply(tf.layers.averagePooling2d({ poolSize: 2, strides: 2, name: `${block}_pool` }), x);
    x = activate(block, 1, convNorm(block, 1, x, true, normReductions));
  }
  x = net.apply(tf.layers.globalAveragePooling2d({ name: "global_average_pool" }), x);
  return net.model(name, net.dense("weight_logit_linear_layer", x, classes));
}
