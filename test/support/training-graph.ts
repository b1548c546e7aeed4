import type { Node, Value } from "../../src/graph/graph";
import { applyPass, type PassMaker } from "../../src/graph/passes/apply-pass";
import type { Trace } from "../../src/graph/trace";

/** Applies passes one after the other. */
export const applying = (...passes: readonly PassMaker[]) => {
  return (trace: Trace): Trace => passes.reduce<Trace>(applyPass, trace);
};

/** Nodes of some kinds, in order. */
export function nodesOf({ graph }: Trace, ...ops: readonly string[]): Node[] {
  return graph.nodes.filter(({ op }) => ops.includes(op));
}

/** Whether a value has a row per sample, as activations and their gradients do. */
export function isActivation({ shape }: Value, batch: number): boolean {
  return shape !== null && shape.length > 1 && shape[0] === batch;
}
