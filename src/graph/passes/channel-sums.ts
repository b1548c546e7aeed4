import { hasOwnBatchNorm, type TensorValue } from "../../tensorflow";
import { DataType } from "../data-type";
import type { Value } from "../graph";
import type { Pass } from "../inline";
import { attributeOf, op } from "../op-attributes";

/**
 * Adds up bfloat16 activations over all axes but the last, as biases' gradients are, without writing them out as float32
 * first.  The sum is float32, as it was.
 */
export function channelSumsPass(): Pass {
  return {
    rewrite(node, inputs, target) {
      if (node.op !== "Sum" || !hasOwnBatchNorm()) return null;
      const [cast, axes] = node.inputs;
      const short = cast!.node.op === "Cast" && cast!.dtype === DataType.float32 ? cast!.node.inputs[0]! : null;
      if (short?.dtype !== DataType.bfloat16 || attributeOf(node, "keep_dims") === true) return null;
      if (!areAllButLast(axes!, short.shape)) return null;
      return target.add("GradampChannelSum", [op.type("T", DataType.bfloat16)], [inputs[0]!.node.inputs[0]!]).outputs;
    },
    result: (_, counterpart) => counterpart,
  };
}

function areAllButLast(axes: Value, shape: readonly number[] | null): boolean {
  const value = axes.node.op === "Const" ? (attributeOf(axes.node, "value") as TensorValue | undefined) : undefined;
  const found = Array.from((value?.values ?? []) as Int32Array).sort((a, b) => a - b);
  return shape !== null && found.length === shape.length - 1 && found.every((axis, at) => axis === at);
}
