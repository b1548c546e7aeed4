import type { LayersModel, SymbolicTensor } from "../tensorflow";
import { tf } from "../tensorflow";
import { checkConstantWidthVgg, CONSTANT_WIDTH_VGG, type ConstantWidthVggOptions, readFields } from "../spec";
import { NetworkBuilder } from "./network-builder";

/** How a norm's layers are called: batch norms as in the papers' networks. */
const NORM_WORDS = { batch: "bn", layer: "ln", group: "gn" } as const;

/** A VGG of constant width in three stages: `blocks` processing blocks each and a reduction block. */
export function constantWidthVgg(name: string, blocks: number, options: ConstantWidthVggOptions = {}): LayersModel {
  const read = readFields(CONSTANT_WIDTH_VGG, options);
  checkConstantWidthVgg(name, read);
  const { classes, batchNorm, residual, width, inputShape, seed, activation, norm, preActivation, icDropout } = read;
  // SELU keeps mean and variance only where weights have variance 1/fan-in (Klambauer et al. 2017, section 2).
  const initializer = activation === "selu" && options.initializer === undefined ? "leCunNormal" : read.initializer;
  const normBlocks = batchNorm !== false;
  const normReductions = batchNorm === true || batchNorm === "all";
  const net = new NetworkBuilder({ inputShape, seed, initializer, gain: activation === "selu" ? 1 : Math.SQRT2 });

  /** Normalization and dropout directly before weights. */
  const independent = (layer: string, x: SymbolicTensor): SymbolicTensor => {
    if (icDropout === null) return x;
    const y = net.norm(norm, `${layer}_ic_${NORM_WORDS[norm]}`, x);
    return icDropout > 0 ? net.dropout(`${layer}_ic_dropout`, y, icDropout) : y;
  };
  const conv = (block: string, i: number, x: SymbolicTensor, bias: boolean): SymbolicTensor =>
    net.conv(`${block}_conv_${i}`, independent(`${block}_conv_${i}`, x), { filters: width, bias });
  const normalize = (block: string, i: number, y: SymbolicTensor): SymbolicTensor =>
    net.norm(norm, `${block}_${NORM_WORDS[norm]}_${i}`, y);
  const convNorm = (block: string, i: number, x: SymbolicTensor, bias: boolean, normed: boolean): SymbolicTensor => {
    const y = conv(block, i, x, bias);
    return normed ? normalize(block, i, y) : y;
  };

  // Leaky ReLUs keep the names that they have in the papers' networks.
  const word = activation === "leakyRelu" ? "relu" : activation;
  const activate = (block: string, i: number, y: SymbolicTensor): SymbolicTensor =>
    net.activation(activation, `${block}_${word}_${i}`, y);

  const processing = (block: string, x: SymbolicTensor): SymbolicTensor => {
    let y = activate(block, 0, convNorm(block, 0, x, false, normBlocks));
    y = convNorm(block, 1, y, false, normBlocks);
    return activate(block, 1, residual ? net.add(`${block}_add`, y, x) : y);
  };
  const normActivate = (block: string, i: number, x: SymbolicTensor): SymbolicTensor =>
    activate(block, i, normBlocks ? normalize(block, i, x) : x);
  const preActivated = (block: string, x: SymbolicTensor): SymbolicTensor => {
    let y = x;
    for (const i of [0, 1]) y = conv(block, i, normActivate(block, i, y), false);
    return net.add(`${block}_add`, y, x);
  };

  const first = net.conv("input_conv_conv_0", net.input, { filters: width });
  let x = activate("input_conv", 0, normalize("input_conv", 0, first));
  for (let stage = 0; stage < 3; stage++) {
    for (let j = 0; j < blocks; j++) x = (preActivation ? preActivated : processing)(`block_${stage}_${j}`, x);
    if (preActivation && blocks > 0) x = normActivate(`closing_block_${stage}`, 0, x);
    const block = `reduction_block_${stage}`;
    x = activate(block, 0, convNorm(block, 0, x, true, normReductions));
    x = net.apply(tf.layers.averagePooling2d({ poolSize: 2, strides: 2, name: `${block}_pool` }), x);
    x = activate(block, 1, convNorm(block, 1, x, true, normReductions));
  }
  x = net.apply(tf.layers.globalAveragePooling2d({ name: "global_average_pool" }), x);
  const head = "weight_logit_linear_layer";
  return net.model(name, net.dense(head, independent(head, x), classes));
}
