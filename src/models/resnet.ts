import { type LayersModel, type SymbolicTensor, tf } from "../tensorflow";
import { IMAGE_CLASSIFIER, type ImageClassifierOptions, readFields } from "../spec";
import { NetworkBuilder } from "./network-builder";

/** What tells one residual network from another. */
export interface ResnetPlan {
  /** Two 3×3 convolutions, or 1×1, 3×3, 1×1 with four times the channels at the end. */
  readonly block: "basic" | "bottleneck";
  /** Blocks of each of the four stages. */
  readonly blocks: readonly [number, number, number, number];
}

/**
 * A residual network for CIFAR: 3×3 stem without pooling, four stages that start at strides 1, 2, 2, 2, global average pool.
 *
 * A block's layers are `block_S_J_conv_K`, `_bn_K`, `_relu_K`, `_shortcut_conv` and `_shortcut_bn` where the shape changes,
 * and `_add`; the stride of a bottleneck is on its 3×3.
 */
export function resnet(name: string, plan: ResnetPlan, options: ImageClassifierOptions = {}): LayersModel {
  const { classes, width, inputShape, seed, initializer } = readFields(IMAGE_CLASSIFIER, options);
  const net = new NetworkBuilder({ inputShape, seed, initializer });
  let x = net.conv("stem_conv", net.input, { filters: width });
  x = net.relu("stem_relu", net.batchNorm("stem_bn", x));
  plan.blocks.forEach((blocks, s) => {
    for (let j = 0; j < blocks; j++) {
      const channels = width * 2 ** s;
      const stride = s > 0 && j === 0 ? 2 : 1;
      x = residualBlock(net, `block_${s}_${j}`, x, convolutions(plan.block, channels, stride));
    }
  });
  x = net.apply(tf.layers.globalAveragePooling2d({ name: "global_average_pool" }), x);
  return net.model(name, net.dense("linear", x, classes));
}

interface Convolution {
  readonly filters: number;
  readonly kernelSize: 1 | 3;
  readonly stride: 1 | 2;
}

function convolutions(block: ResnetPlan["block"], channels: number, stride: 1 | 2): Convolution[] {
  return block === "basic"
    ? [
        { filters: channels, kernelSize: 3, stride },
        { filters: channels, kernelSize: 3, stride: 1 },
      ]
    : [
        { filters: channels, kernelSize: 1, stride: 1 },
        { filters: channels, kernelSize: 3, stride },
        { filters: 4 * channels, kernelSize: 1, stride: 1 },
      ];
}

function residualBlock(net: NetworkBuilder, block: string, x: SymbolicTensor, path: Convolution[]): SymbolicTensor {
  const last = path.length - 1;
  let y = x;
  path.forEach((convolution, k) => {
    y = net.batchNorm(`${block}_bn_${k}`, net.conv(`${block}_conv_${k}`, y, convolution));
    if (k < last) y = net.relu(`${block}_relu_${k}`, y);
  });
  const filters = path[last]!.filters;
  const stride = path.some((convolution) => convolution.stride === 2) ? 2 : 1;
  let shortcut = x;
  if (stride === 2 || x.shape[3] !== filters) {
    shortcut = net.conv(`${block}_shortcut_conv`, x, { filters, kernelSize: 1, stride });
    shortcut = net.batchNorm(`${block}_shortcut_bn`, shortcut);
  }
  return net.relu(`${block}_relu_${last}`, net.add(`${block}_add`, y, shortcut));
}
