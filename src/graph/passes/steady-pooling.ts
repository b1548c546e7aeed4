import { nativeBackend } from "../../tensorflow";
import { addConstant } from "../constant";
import { DataType } from "../data-type";
import type { Node } from "../graph";
import type { Pass } from "../inline";
import { attributeOf } from "../op-attributes";

/**
 * Computes the gradient of max pooling whose windows overlap by TensorFlow's own kernel instead of oneDNN's.
 *
 * oneDNN's adds up a pixel's shares in an order that depends on which threads are free, so a training's weights were
 * others from run to run, deterministic ops or not. TensorFlow's is what computes it op by op; it is in the second
 * version of the op, which takes windows and strides as inputs and for which TensorFlow has no kernel of oneDNN's.
 */
export function steadyPoolingPass(): Pass {
  return {
    rewrite(node, inputs, target) {
      if (node.op !== "MaxPoolGrad" || !overlaps(node) || nativeBackend()?.isUsingGpuDevice) return null;
      const sizes = ["ksize", "strides"].map((name) => {
        const values = Int32Array.from(attributeOf(node, name) as readonly number[]);
        return addConstant(target, DataType.int32, [values.length], values);
      });
      const kept = node.attributes.filter(({ name }) => ["T", "padding", "data_format"].includes(name));
      return target.add("MaxPoolGradV2", kept, [...inputs, ...sizes]).outputs;
    },
  };
}

function overlaps(pooling: Node): boolean {
  const [window, strides] = ["ksize", "strides"].map((name) => attributeOf(pooling, name) as readonly number[]);
  return window!.some((size, axis) => size > strides![axis]!);
}
