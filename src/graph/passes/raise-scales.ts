import type { Node, Value } from "../graph";
import type { Pass } from "../inline";
import { linearIn, scalingOf, smallFactorOf, times } from "./linear-ops";
import type { LiveStep } from "./live-step";

/** Filters and scales take in no more than this, and no less than its inverse, lest they leave float32's range. */
const LARGEST = 2 ** 20;

/**
 * Moves multiplications by a known number up into the op that makes the tensor.
 *
 * Amplification multiplies the gradient that arrives at a layer, a tensor of the size of the activations. Where nothing
 * else needs that gradient and it comes of a convolution or a batch norm, perhaps through an activation or a pooling, the
 * filter or the scale can be multiplied instead, a thousand times smaller. Everything behind the product is then what it
 * is op by op, to rounding (to the last bit for powers of two); what lies between has been multiplied early, which takes
 * nothing out of float32's range that the product would leave in it.
 */
export function raiseScalesPass(step: LiveStep): Pass | null {
  /** The products that are done elsewhere. */
  const raised = new Set<Node>();
  /** What the nodes that do them are multiplied by. */
  const absorbed = new Map<Node, { readonly factors: readonly Value[]; readonly number: number }>();

  /** The op that can do a product's work, looking up from the tensor that is multiplied. */
  function makerOf(product: Node, tensor: Value): Node | null {
    let user = product;
    for (let value = tensor; step.onlyUser(value) === user;) {
      const maker = value.node;
      if (value.output === 0 && smallFactorOf(maker) !== null) return maker;
      const next = raised.has(maker) ? scalingOf(maker)!.tensor : linearIn(maker);
      if (next === undefined) return null;
      user = maker;
      value = maker.inputs[next]!;
    }
    return null;
  }

  for (const node of step.nodes) {
    const scaling = scalingOf(node);
    const factor = scaling && node.inputs[scaling.scalar]!;
    const known = factor && step.knownNumber(factor);
    if (!scaling || !factor || known === null) continue;
    const maker = makerOf(node, node.inputs[scaling.tensor]!);
    if (!maker) continue;
    const before = absorbed.get(maker) ?? { factors: [], number: 1 };
    const number = known * before.number;
    if (!(Math.abs(number) <= LARGEST && Math.abs(number) >= 1 / LARGEST)) continue;
    raised.add(node);
    absorbed.set(maker, { factors: [...before.factors, factor], number });
  }

  if (raised.size === 0) return null;
  return {
    rewrite(node, inputs, target, find) {
      if (raised.has(node)) return [inputs[scalingOf(node)!.tensor]!];
      const own = absorbed.get(node);
      if (!own) return null;
      // Known numbers depend on nothing, so they can be computed before their turn.
      const factor = own.factors.map(find).reduce((product, each) => times(product, each, target));
      const small = smallFactorOf(node);
      const changed = inputs.map((input, at) => (at === small ? times(input, factor, target) : input));
      return target.add(node.op, node.attributes, changed).outputs;
    },
  };
}
