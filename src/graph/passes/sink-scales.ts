import { stockConvolution } from "../../tensorflow";
import { DataType } from "../data-type";
import type { Graph, Node, Value } from "../graph";
import type { Pass } from "../inline";
import { op } from "../op-attributes";
import { isChannelSum } from "./channel-sums";
import type { LiveStep } from "./live-step";
import { sizeOf } from "./size-of";

/** Ops that are linear in one of their inputs and pass a factor of it on to their result. */
const LINEAR_IN: Readonly<Record<string, number>> = {
  ReluGrad: 0,
  Relu6Grad: 0,
  LeakyReluGrad: 0,
  EluGrad: 0,
  MaxPoolGrad: 2,
  AvgPoolGrad: 1,
  BiasAddGrad: 0,
  Reshape: 0,
  // Of float32 to float32, which tfjs's gradients of sums are full of: others have no factor pending on their result.
  Cast: 0,
  Conv2DBackpropFilter: 2,
  Conv2DBackpropInput: 2,
};

/** Both take the scale as their third input, and return its gradient and the offset's as second and third output. */
const BATCH_NORM_GRAD = /^(FusedBatchNormGradV3|GradampBatchNormGrad)$/;

/**
 * How far a value may be from what it is op by op while it waits for factors, either way.
 *
 * float32 reaches over 250 powers of two, and what a network computes can be anywhere in it: factors that are left for
 * later without bound take gradients out of it that stay in it op by op.
 */
const FURTHEST = 8;

/** A factor that a value waits for: where it is in the target, and what it is. */
interface Pending {
  readonly factor: Value;
  readonly number: number;
}

const isNear = (factor: number) => Math.abs(factor) <= FURTHEST && Math.abs(factor) >= 1 / FURTHEST;

/**
 * Moves multiplications by a known number to where tensors are small.
 *
 * Amplification multiplies the gradient that arrives at a layer, a tensor of the size of the activations.  The ops that
 * follow are linear in it: batch norm's gradient can take the factor into its scale, a convolution's into its filter, both
 * a thousand times smaller, and what comes out is the same to rounding (to the last bit for powers of two).
 *
 * Values lack a factor of {@link FURTHEST} at most on their way; where factors would add up to more, or one is larger by
 * itself or not known, they are multiplied where they stand.
 */
export function sinkScalesPass(step: LiveStep): Pass {
  /** Factors that a source value still lacks in its counterpart. */
  const pending = new Map<Value, Pending>();
  const multiplied = new Map<Value, Value>();
  const times = (x: Value, factor: Value, target: Graph) =>
    target.add("Mul", [op.type("T", DataType.float32)], [x, factor]).outputs[0]!;
  const whole = (value: Value, counterpart: Value, target: Graph): Value => {
    const lacking = pending.get(value);
    if (!lacking) return counterpart;
    const product = multiplied.get(value) ?? times(counterpart, lacking.factor, target);
    multiplied.set(value, product);
    return product;
  };

  function scaling(node: Node, inputs: readonly Value[], target: Graph): readonly Value[] | null {
    const [x, y] = node.inputs;
    if (node.op !== "Mul" || x!.dtype !== DataType.float32) return null;
    if ((x!.shape!.length === 0) === (y!.shape!.length === 0)) return null;
    const [tensor, scalar] = y!.shape!.length === 0 ? [0, 1] : [1, 0];
    const number = step.knownNumber(node.inputs[scalar]!);
    if (number === null || !isNear(number)) return null;
    const factor = inputs[scalar]!;
    const source = node.inputs[tensor]!;
    const before = pending.get(source);
    if (before && isNear(before.number * number)) {
      pending.set(node.outputs[0]!, {
        factor: times(before.factor, factor, target),
        number: before.number * number,
      });
      return [inputs[tensor]!];
    }
    pending.set(node.outputs[0]!, { factor, number });
    return [whole(source, inputs[tensor]!, target)];
  }

  function sunk(node: Node, inputs: readonly Value[], target: Graph): readonly Value[] | null {
    const isBatchNorm = BATCH_NORM_GRAD.test(node.op);
    const at = isBatchNorm || isChannelSum(node) ? 0 : LINEAR_IN[stockConvolution(node.op)];
    const lacking = at === undefined ? undefined : pending.get(node.inputs[at]!);
    if (!lacking || node.outputs[0]!.dtype !== DataType.float32) return null;
    const own = inputs.map((input, place) => (place === at ? input : whole(node.inputs[place]!, input, target)));
    const add = () => target.add(node.op, node.attributes, own).outputs;
    if (isBatchNorm) {
      own[2] = times(own[2]!, lacking.factor, target);
      for (const output of node.outputs.slice(1, 3)) pending.set(output, lacking);
      return add();
    }
    if (stockConvolution(node.op) === "Conv2DBackpropInput" && 4 * sizeOf(own[1]!) < sizeOf(own[2]!)) {
      own[1] = times(own[1]!, lacking.factor, target);
      return add();
    }
    pending.set(node.outputs[0]!, lacking);
    return add();
  }

  return {
    rewrite(node, inputs, target) {
      const changed = scaling(node, inputs, target) ?? sunk(node, inputs, target);
      if (changed || !node.inputs.some((input) => pending.has(input))) return changed;
      const own = inputs.map((input, at) => whole(node.inputs[at]!, input, target));
      return target.add(node.op, node.attributes, own).outputs;
    },
    result: whole,
  };
}
