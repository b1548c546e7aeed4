import type { OpAttribute } from "../../tensorflow";
import type { Graph, Node, Value } from "../graph";
import type { Pass } from "../inline";
import { op } from "../op-attributes";
import { slopeOf } from "./sign-from-output";

const BATCH_NORM = "GradampBatchNorm";
const BATCH_NORM_GRAD = "GradampBatchNormGrad";

/** The op's numbers of the activations that it can do. */
const ACTIVATIONS: Readonly<Record<string, number>> = { Relu: 1, LeakyRelu: 2 };

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
  const users = new Map<Value, Node[]>();
  for (const node of graph.nodes) {
    for (const input of new Set(node.inputs)) users.set(input, [...(users.get(input) ?? []), node]);
  }
  const wanted = new Set(results);
  const usersOf = (value: Value) => users.get(value) ?? [];
  const places = new Map(graph.nodes.map((node, place) => [node, place]));
  const fusions = new Map<Node, Fusion>();
  const absorbed = new Set<Node>();
  const gradients = new Map<Node, Fusion>();

  /** The sum that a value goes into and nothing else does, if what is added is there before the batch norm. */
  function sumAfter(value: Value, batchNorm: Node): { node: Node; side: Value } | null {
    const [sum, ...others] = usersOf(value);
    if (!sum || others.length > 0 || wanted.has(value) || !/^Add(V2)?$/.test(sum.op)) return null;
    const side = sum.inputs.find((input) => input !== value);
    if (!side || places.get(side.node)! > places.get(batchNorm)!) return null;
    return String(side.shape) === String(value.shape) ? { node: sum, side } : null;
  }

  /** The activation that a value goes into, if nothing else needs the value. */
  function activationAfter(value: Value): Node | null {
    const [activation, ...others] = usersOf(value);
    if (!activation || others.length > 0 || wanted.has(value)) return null;
    return activation.op in ACTIVATIONS && slopeOf(activation) >= 0 ? activation : null;
  }

  /** Gradients of an activation; they tell its sign from its output. */
  function gradientsOf(activation: Node): Node[] {
    const output = activation.outputs[0]!;
    return usersOf(output).filter((node) => node.op === `${activation.op}Grad` && node.inputs[1] === output);
  }

  function fusionOf(batchNorm: Node): Fusion | null {
    const output = batchNorm.outputs[0]!;
    const sum = sumAfter(output, batchNorm);
    const value = sum?.node.outputs[0] ?? output;
    const activation = activationAfter(value);
    if (!sum && !activation) return null;
    const isOwn = (node: Node) =>
      node.op === BATCH_NORM_GRAD && node.inputs[3] === batchNorm.outputs[3] && !absorbed.has(node);
    const fused = sum || !activation ? [] : gradientsOf(activation);
    return {
      attributes: activation
        ? [op.int("activation", ACTIVATIONS[activation.op]!), op.float("alpha", slopeOf(activation))]
        : [],
      side: sum?.side ?? null,
      absorbed: [...(sum ? [sum.node] : []), ...(activation ? [activation] : [])],
      gradients: fused.filter(({ outputs: [gradient] }) => {
        const [user, ...others] = usersOf(gradient!);
        return user && others.length === 0 && !wanted.has(gradient!) && isOwn(user) && user.inputs[1] !== gradient;
      }),
    };
  }

  for (const node of graph.nodes) {
    if (node.op !== BATCH_NORM) continue;
    const fusion = fusionOf(node);
    if (!fusion) continue;
    fusions.set(node, fusion);
    fusion.absorbed.forEach((each) => absorbed.add(each));
    fusion.gradients.forEach((each) => gradients.set(each, fusion));
  }

  return {
    rewrite(node, inputs, target, find) {
      if (absorbed.has(node)) {
        // Its counterpart is the batch norm's output, as is that of the input that comes from there.
        const from = node.inputs.findIndex((input) => fusions.has(input.node) || absorbed.has(input.node));
        return [inputs[from]!];
      }
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
