import type { LayersModel, SymbolicTensor } from "../tensorflow";
import { tf } from "../tensorflow";
import { CONSTANT_WIDTH_VGG, type ConstantWidthVggOptions, readFields } from "../spec";
import { NetworkBuilder } from "./network-builder";

/** A VGG of constant width in three stages: `blocks` processing blocks each and a reduction block. */
export function constantWidthVgg(name: string, blocks: number, options: ConstantWidthVggOptions = {}): LayersModel {
  const { classes, batchNorm, residual, width, inputShape, seed, initializer } = readFields(
    CONSTANT_WIDTH_VGG,
    options,
  );
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
