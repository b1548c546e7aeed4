import type { OpAttribute } from "../../tensorflow";
import type { Node, Value } from "../graph";
import { op } from "../op-attributes";
import { slopeOf } from "./sign-from-output";
import type { Users } from "./users";

/** The numbers by which gradamp's own ops are told activations. */
const ACTIVATIONS: Readonly<Record<string, number>> = { Relu: 1, LeakyRelu: 2 };

/** An activation that the op before it does as well. */
export interface AbsorbedActivation {
  readonly node: Node;
  /** Of the op that does it. */
  readonly attributes: readonly OpAttribute[];
}

/** The activation that a value goes into, if nothing else needs the value: its gradient asks the output for the sign. */
export function absorbedActivation(users: Users, value: Value): AbsorbedActivation | null {
  const node = users.only(value);
  const number = node && ACTIVATIONS[node.op];
  if (!node || number === undefined || slopeOf(node) < 0) return null;
  return { node, attributes: [op.int("activation", number!), op.float("alpha", slopeOf(node))] };
}
