import type { OpAttribute } from "../../tensorflow";
import type { Node, Value } from "../graph";
import type { Pass } from "../inline";
import { op } from "../op-attributes";
import { isSum } from "./is-sum";
import type { LiveStep } from "./live-step";
import { slopeOf } from "./sign-from-output";

const BATCH_NORM = "GradampBatchNorm";
const BATCH_NORM_GRAD = "GradampBatchNormGrad";

/** An op of gradamp's that can add something to its result. */
interface Host {
  /** The attribute that says how many such inputs there are, behind all others. */
  readonly count: string;
  /** Whether it can add a value to its output. */
  adds(value: Value, output: Value): boolean;
}

const HOSTS: Readonly<Record<string, Host>> = {
  // A residual connection.
  [BATCH_NORM]: { count: "num_side_inputs", adds: (value, output) => String(value.shape) === String(output.shape) },
  // A bias.
  GradampConv2D: {
    count: "num_args",
    adds: ({ shape }, output) => shape?.length === 1 && shape[0] === output.shape?.at(-1),
  },
};

/** The numbers by which hosts are told activations. */
const ACTIVATIONS: Readonly<Record<string, number>> = { Relu: 1, LeakyRelu: 2 };

/** A host and what it takes in: a sum, or an activation, or both in this order. */
interface Fusion {
  readonly attributes: readonly OpAttribute[];
  /** What it adds. */
  readonly added: readonly Value[];
  /** The nodes that its output then stands for. */
  readonly absorbed: readonly Node[];
  /** Gradients of the activation that batch norm's own can do, since nobody else wants them. */
  readonly gradients: readonly Node[];
}

/**
 * Lets gradamp's own batch norm and convolutions do what follows them, so that activations are read and written once where
 * it was two or three times: a batch norm adds a residual connection and a convolution its bias, both apply ReLU or leaky
 * ReLU, and batch norm's gradient does the activation's.
 *
 * In float32 what is computed stays the same to the last bit; bfloat16 is rounded once instead of after each of them. It
 * takes leaky ReLUs whose gradients need their outputs alone ({@link signFromOutputPass}).
 */
export function fuseFollowersPass(step: LiveStep): Pass | null {
  const fusions = new Map<Node, Fusion>();
  /** What is done elsewhere, and the output of the host that does it. */
  const absorbed = new Map<Node, Value>();
  const gradients = new Map<Node, Fusion>();

  /** The sum that a host's output goes into and nothing else does, if what is added is there before the host. */
  function sumBehind(host: Node): { readonly node: Node; readonly added: Value } | null {
    const output = host.outputs[0]!;
    const node = step.onlyUser(output);
    if (!node || !isSum(node)) return null;
    const added = node.inputs.find((input) => input !== output);
    if (!added || !step.isBefore(added, host)) return null;
    return HOSTS[host.op]!.adds(added, output) ? { node, added } : null;
  }

  /** The activation that a value goes into and nothing else does. */
  function activationBehind(value: Value): Node | null {
    const node = step.onlyUser(value);
    return node && node.op in ACTIVATIONS && slopeOf(node) >= 0 ? node : null;
  }

  /** The gradients of an activation that its batch norm's gradient can do; they tell its sign from its output. */
  function gradientsBehind(activation: Node, batchNorm: Node): Node[] {
    const output = activation.outputs[0]!;
    return step.users(output).filter((node) => {
      if (node.op !== `${activation.op}Grad` || node.inputs[1] !== output) return false;
      if (slopeOf(node) !== slopeOf(activation)) return false;
      const gradient = node.outputs[0]!;
      const user = step.onlyUser(gradient);
      return user?.op === BATCH_NORM_GRAD && user.inputs[3] === batchNorm.outputs[3] && user.inputs[1] !== gradient;
    });
  }

  function fusionOf(host: Node): Fusion | null {
    const sum = sumBehind(host);
    const activation = activationBehind(sum?.node.outputs[0] ?? host.outputs[0]!);
    if (!sum && !activation) return null;
    return {
      attributes: activation
        ? [op.int("activation", ACTIVATIONS[activation.op]!), op.float("alpha", slopeOf(activation))]
        : [],
      added: sum ? [sum.added] : [],
      absorbed: [sum?.node ?? [], activation ?? []].flat(),
      gradients: activation && !sum && host.op === BATCH_NORM ? gradientsBehind(activation, host) : [],
    };
  }

  for (const node of step.nodes) {
    const fusion = node.op in HOSTS ? fusionOf(node) : null;
    if (!fusion) continue;
    fusions.set(node, fusion);
    fusion.absorbed.forEach((each) => absorbed.set(each, node.outputs[0]!));
    fusion.gradients.forEach((each) => gradients.set(each, fusion));
  }

  if (fusions.size === 0) return null;
  return {
    rewrite(node, inputs, target, find) {
      const done = absorbed.get(node);
      if (done) return [find(done)];
      if (gradients.has(node)) return [inputs[0]!];
      const fusion = fusions.get(node);
      if (fusion) {
        const count = op.int(HOSTS[node.op]!.count, fusion.added.length);
        const attributes = [...node.attributes, ...fusion.attributes, count];
        return target.add(node.op, attributes, [...inputs, ...fusion.added.map(find)]).outputs;
      }
      const behind = node.op === BATCH_NORM_GRAD && gradients.get(node.inputs[0]!.node);
      return behind ? target.add(node.op, [...node.attributes, ...behind.attributes], inputs).outputs : null;
    },
  };
}
