import type { OpAttribute } from "../../tensorflow";
import type { Graph, Node, Value } from "../graph";
import type { Pass } from "../inline";
import { op } from "../op-attributes";
import { absorbedActivation } from "./absorbed-activation";
import { Users } from "./users";

const CONVOLUTION = "GradampConv2D";

/** A convolution and what it takes in: a bias, or an activation, or both in this order. */
interface Fusion {
  readonly attributes: readonly OpAttribute[];
  readonly bias: Value | null;
  /** The nodes that its output then stands for. */
  readonly absorbed: readonly Node[];
}

/**
 * Lets gradamp's own convolutions add their bias and apply ReLU or leaky ReLU before they write their results, which are
 * then written once where it was two or three times.
 *
 * In float32 what is computed stays the same to the last bit; bfloat16 is rounded once instead of after each of them.
 *
 * @param graph the graph that the pass will be applied to
 * @param results what others than the graph's nodes want of it
 */
export function fuseConvolutionPass(graph: Graph, results: readonly Value[]): Pass {
  const users = new Users(graph, results);
  const fusions = new Map<Node, Fusion>();
  /** What is done elsewhere, and the output of the convolution that does it. */
  const absorbed = new Map<Node, Value>();

  function fusionOf(convolution: Node): Fusion | null {
    const output = convolution.outputs[0]!;
    const found = users.onlySum(output, convolution);
    const isBias = found?.side.shape?.length === 1 && found.side.shape[0] === output.shape?.at(-1);
    const sum = isBias ? found : null;
    const activation = absorbedActivation(users, sum?.node.outputs[0] ?? output);
    if (!sum && !activation) return null;
    return {
      attributes: activation?.attributes ?? [],
      bias: sum?.side ?? null,
      absorbed: [sum, activation].flatMap((each) => each?.node ?? []),
    };
  }

  for (const node of graph.nodes) {
    const fusion = node.op === CONVOLUTION ? fusionOf(node) : null;
    if (!fusion) continue;
    fusions.set(node, fusion);
    fusion.absorbed.forEach((each) => absorbed.set(each, node.outputs[0]!));
  }

  return {
    rewrite(node, inputs, target, find) {
      const done = absorbed.get(node);
      if (done) return [find(done)];
      const fusion = fusions.get(node);
      if (!fusion) return null;
      const args = fusion.bias ? [find(fusion.bias)] : [];
      const attributes = [...node.attributes, ...fusion.attributes, op.int("num_args", args.length)];
      return target.add(CONVOLUTION, attributes, [...inputs, ...args]).outputs;
    },
    result: (_, counterpart) => counterpart,
  };
}
