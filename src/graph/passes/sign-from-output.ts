import type { Node, Value } from "../graph";
import type { Pass } from "../inline";
import { attributeOf } from "../op-attributes";
import type { LiveStep } from "./live-step";

/**
 * Lets leaky ReLU's gradient tell where its input was positive from its output, whose sign is the same.
 *
 * The next layer keeps the output anyway; the input can then be overwritten by it. tfjs's own gradient keeps the input,
 * and so does this one where nothing else of the step needs the output.
 */
export function signFromOutputPass(step: LiveStep): Pass | null {
  const activations = new Map<Value, Node[]>();
  for (const node of step.nodes) {
    if (node.op !== "LeakyRelu" || slopeOf(node) < 0) continue;
    const input = node.inputs[0]!;
    activations.set(input, [...(activations.get(input) ?? []), node]);
  }
  const activationOf = (node: Node) =>
    node.op === "LeakyReluGrad"
      ? activations.get(node.inputs[1]!)?.find((each) => slopeOf(each) === slopeOf(node))
      : undefined;
  if (!step.nodes.some(activationOf)) return null;
  return {
    rewrite(node, [dy], target, find) {
      const activation = activationOf(node);
      if (!activation) return null;
      return target.add(node.op, node.attributes, [dy!, find(activation.outputs[0]!)]).outputs;
    },
  };
}

/** Slope of a ReLU, leaky or not, or of its gradient for negative numbers. */
export function slopeOf(activation: Node): number {
  if (!activation.op.startsWith("Leaky")) return 0;
  return (attributeOf(activation, "alpha") as number | undefined) ?? 0.2;
}
