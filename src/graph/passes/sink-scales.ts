import { stockConvolution } from "../../tensorflow";
import { DataType } from "../data-type";
import type { Graph, Node, Value } from "../graph";
import type { Pass } from "../inline";
import { isChannelSum } from "./channel-sums";
import { isBatchNormGrad, linearIn, scalingOf, smallFactorOf, times } from "./linear-ops";
import type { LiveStep } from "./live-step";

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

/** The input whose factors a node's results can be given instead; undefined where it is not linear in one. */
function passesOn(node: Node): number | undefined {
  if (isBatchNormGrad(node) || isChannelSum(node) || node.op === "BiasAddGrad") return 0;
  const convolution = stockConvolution(node.op);
  return convolution === "Conv2DBackpropInput" || convolution === "Conv2DBackpropFilter" ? 2 : linearIn(node);
}

const isNear = (factor: number) => Math.abs(factor) <= FURTHEST && Math.abs(factor) >= 1 / FURTHEST;

/**
 * Moves multiplications by a known number to where tensors are small.
 *
 * Amplification multiplies the gradient that arrives at a layer, a tensor of the size of the activations. The ops that
 * follow are linear in it: batch norm's gradient can take the factor into its scale, a convolution's into its filter, both
 * a thousand times smaller, and what comes out is the same to rounding (to the last bit for powers of two).
 *
 * Values lack a factor of {@link FURTHEST} at most on their way; where factors would add up to more, or one is larger by
 * itself or not known, they are multiplied where they stand.
 */
export function sinkScalesPass(step: LiveStep): Pass | null {
  const nearNumber = (scalar: Value): number | null => {
    const number = step.knownNumber(scalar);
    return number !== null && isNear(number) ? number : null;
  };
  const canWait = (node: Node) => {
    const places = scalingOf(node);
    return places !== null && nearNumber(node.inputs[places.scalar]!) !== null;
  };
  if (!step.nodes.some(canWait)) return null;

  /** Factors that a source value still lacks in its counterpart. */
  const pending = new Map<Value, Pending>();
  const multiplied = new Map<Value, Value>();
  const whole = (value: Value, counterpart: Value, target: Graph): Value => {
    const lacking = pending.get(value);
    if (!lacking) return counterpart;
    const product = multiplied.get(value) ?? times(counterpart, lacking.factor, target);
    multiplied.set(value, product);
    return product;
  };

  function scaling(node: Node, inputs: readonly Value[], target: Graph): readonly Value[] | null {
    const places = scalingOf(node);
    if (!places) return null;
    const { tensor, scalar } = places;
    const number = nearNumber(node.inputs[scalar]!);
    if (number === null) return null;
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
    const at = passesOn(node);
    const lacking = at === undefined ? undefined : pending.get(node.inputs[at]!);
    if (!lacking || node.outputs[0]!.dtype !== DataType.float32) return null;
    const own = inputs.map((input, place) => (place === at ? input : whole(node.inputs[place]!, input, target)));
    const small = smallFactorOf(node);
    if (small !== null) own[small] = times(own[small]!, lacking.factor, target);
    if (isBatchNormGrad(node)) for (const output of node.outputs.slice(1, 3)) pending.set(output, lacking);
    else if (small === null) pending.set(node.outputs[0]!, lacking);
    return target.add(node.op, node.attributes, own).outputs;
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
