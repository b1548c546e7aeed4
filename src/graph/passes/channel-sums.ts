import { hasOwnBatchNorm, type TensorValue } from "../../tensorflow";
import { DataType } from "../data-type";
import type { Node } from "../graph";
import type { Pass } from "../inline";
import { attributeOf, op } from "../op-attributes";

/**
 * Adds up bfloat16 activations over all axes but the last, as biases' gradients are, without writing them out as float32
 * first. The sum is float32, as it was.
 */
export function channelSumsPass(): Pass {
  return {
    rewrite(node, inputs, target) {
      if (!isChannelSum(node) || !hasOwnBatchNorm()) return null;
      const [cast] = node.inputs;
      const short = cast!.node.op === "Cast" && cast!.dtype === DataType.float32 ? cast!.node.inputs[0]! : null;
      if (short?.dtype !== DataType.bfloat16 || attributeOf(node, "keep_dims") === true) return null;
      return target.add("GradampChannelSum", [op.type("T", DataType.bfloat16)], [inputs[0]!.node.inputs[0]!]).outputs;
    },
  };
}

/** Whether a node adds up over all axes but the last, as biases' gradients do. */
export function isChannelSum({ op: kind, inputs: [values, axes] }: Node): boolean {
  if (kind !== "Sum" || axes!.node.op !== "Const" || values!.shape === null) return false;
  const { values: found } = attributeOf(axes!.node, "value") as TensorValue;
  const sorted = Array.from(found as Int32Array).sort((a, b) => a - b);
  return sorted.length === values!.shape.length - 1 && sorted.every((axis, at) => axis === at);
}
