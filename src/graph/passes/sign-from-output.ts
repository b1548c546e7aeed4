import type { Graph, Node, Value } from "../graph";
import type { Pass } from "../inline";
import { attributeOf } from "../op-attributes";

/**
 * Lets leaky ReLU's gradient tell where its input was positive from its output, whose sign is the same.
 *
 * The next layer keeps the output anyway; the input can then be overwritten by it.  tfjs's own gradient keeps the input.
 *
 * @param graph the graph that the pass will be applied to
 */
export function signFromOutputPass(graph: Graph): Pass {
  const activations = new Map<Value, Node>();
  for (const node of graph.nodes) {
    if (node.op === "LeakyRelu" && slopeOf(node) >= 0) activations.set(node.inputs[0]!, node);
  }
  return {
    rewrite(node, [dy], target, find) {
      if (node.op !== "LeakyReluGrad") return null;
      const activation = activations.get(node.inputs[1]!);
      if (!activation || slopeOf(activation) !== slopeOf(node)) return null;
      return target.add(node.op, node.attributes, [dy!, find(activation.outputs[0]!)]).outputs;
    },
    result: (_, counterpart) => counterpart,
  };
}

/** Slope of a ReLU, leaky or not, or of its gradient for negative numbers. */
export function slopeOf(activation: Node): number {
  if (!activation.op.startsWith("Leaky")) return 0;
  return (attributeOf(activation, "alpha") as number | undefined) ?? 0.2;
}
