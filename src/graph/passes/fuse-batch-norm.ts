import type { OpAttribute } from "../../tensorflow";
import type { Graph, Node, Value } from "../graph";
import type { Pass } from "../inline";
import { op } from "../op-attributes";
import { absorbedActivation } from "./absorbed-activation";
import { Users } from "./users";

const BATCH_NORM = "GradampBatchNorm";
const BATCH_NORM_GRAD = "GradampBatchNormGrad";

/** A batch norm and what it takes in: a residual connection's sum, or an activation, or both in this order. */
interface Fusion {
  readonly attributes: readonly OpAttribute[];
  readonly side: Value | null;
  /** The nodes that its output then stands for. */
  readonly absorbed: readonly Node[];
  /** Gradients of the activation that batch norm's own can do, since nobody else wants them. */
  readonly gradients: readonly Node[];
}

/**
 * Lets batch norm do what follows it, so that activations are read and written once where it was two or three times: adds
 * a residual connection, applies ReLU or leaky ReLU, and takes the activation's gradient into its own.
 *
 * What is computed stays the same to the last bit.  It works on gradamp's own op, thus on CPUs only, and on leaky ReLUs
 * whose gradients need their outputs alone ({@link signFromOutputPass}).
 *
 * @param graph the graph that the pass will be applied to
 * @param results what others than the graph's nodes want of it
 */
export function fuseBatchNormPass(graph: Graph, results: readonly Value[]): Pass {
  const users = new Users(graph, results);
  const fusions = new Map<Node, Fusion>();
  /** What is done elsewhere, and the output of the batch norm that does it. */
  const absorbed = new Map<Node, Value>();
  const gradients = new Map<Node, Fusion>();

  /** Gradients of an activation; they tell its sign from its output. */
  function gradientsOf(activation: Node): Node[] {
    const output = activation.outputs[0]!;
    return users.of(output).filter((node) => node.op === `${activation.op}Grad` && node.inputs[1] === output);
  }

  function fusionOf(batchNorm: Node): Fusion | null {
    const output = batchNorm.outputs[0]!;
    const found = users.onlySum(output, batchNorm);
    const sum = found && String(found.side.shape) === String(output.shape) ? found : null;
    const activation = absorbedActivation(users, sum?.node.outputs[0] ?? output);
    if (!sum && !activation) return null;
    const isOwn = (node: Node) =>
      node.op === BATCH_NORM_GRAD && node.inputs[3] === batchNorm.outputs[3] && !absorbed.has(node);
    const fused = sum || !activation ? [] : gradientsOf(activation.node);
    return {
      attributes: activation?.attributes ?? [],
      side: sum?.side ?? null,
      absorbed: [sum, activation].flatMap((each) => each?.node ?? []),
      gradients: fused.filter(({ outputs: [gradient] }) => {
        const user = users.only(gradient!);
        return user && isOwn(user) && user.inputs[1] !== gradient;
      }),
    };
  }

  for (const node of graph.nodes) {
    if (node.op !== BATCH_NORM) continue;
    const fusion = fusionOf(node);
    if (!fusion) continue;
    fusions.set(node, fusion);
    fusion.absorbed.forEach((each) => absorbed.set(each, node.outputs[0]!));
    fusion.gradients.forEach((each) => gradients.set(each, fusion));
  }

  return {
    rewrite(node, inputs, target, find) {
      const done = absorbed.get(node);
      if (done) return [find(done)];
      if (gradients.has(node)) return [inputs[0]!];
      const fusion = fusions.get(node);
      if (fusion) {
        const side = fusion.side ? [find(fusion.side)] : [];
        const attributes = [...node.attributes, ...fusion.attributes, op.int("num_side_inputs", side.length)];
        return target.add(node.op, attributes, [...inputs, ...side]).outputs;
      }
      const behind = node.op === BATCH_NORM_GRAD && gradients.get(node.inputs[0]!.node);
      return behind ? target.add(node.op, [...node.attributes, ...behind.attributes], inputs).outputs : null;
    },
    result: (_, counterpart) => counterpart,
  };
}
