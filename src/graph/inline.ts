import type { Graph, Node, Value } from "./graph";

/** Puts something else in the place of nodes while a graph is copied. */
export interface Pass {
  /**
   * Adds what stands for a node to the target, and returns the counterparts of its outputs; null copies it as it is.
   *
   * @param inputs counterparts of the node's inputs
   * @param find gives the counterpart of any value that comes before the node
   */
  rewrite(node: Node, inputs: readonly Value[], target: Graph, find: (value: Value) => Value): readonly Value[] | null;
  /** The counterpart of a value for whoever is no node: an output of the graph. */
  result(value: Value, counterpart: Value, target: Graph): Value;
}

/** Copies every node as it is. */
export const COPY: Pass = { rewrite: () => null, result: (_, counterpart) => counterpart };

/**
 * Copies what some values need from one graph into another.
 *
 * @param replaced values of the source, placeholders mostly, that have a counterpart in the target already
 * @param wanted what is needed; ops without outputs come along too, since they are run for what they do
 * @returns finds the target's counterpart of a value
 */
export function inline(
  source: Graph,
  target: Graph,
  replaced: ReadonlyMap<Value, Value>,
  wanted: readonly Value[],
  pass: Pass = COPY,
): (value: Value) => Value {
  const counterparts = new Map(replaced);
  const copies = new Map<Node, Node>();
  const needed = neededNodes(source, replaced, wanted);
  for (const node of source.nodes) {
    if (!needed.has(node)) continue;
    const inputs = node.inputs.map((input) => counterparts.get(input)!);
    const rewritten = pass.rewrite(node, inputs, target, (value) => counterparts.get(value)!);
    const controls = node.controls.flatMap((control) => copies.get(control) ?? []);
    const copy = rewritten ? null : target.add(node.op, node.attributes, inputs, { ...node, controls });
    const outputs = rewritten ?? copy!.outputs;
    node.outputs.forEach((output, at) => counterparts.set(output, outputs[at]!));
    const last = copy ?? outputs[0]?.node;
    if (last) copies.set(node, last);
  }
  return (value) => pass.result(value, counterparts.get(value)!, target);
}

function neededNodes(source: Graph, replaced: ReadonlyMap<Value, Value>, wanted: readonly Value[]): Set<Node> {
  const needed = new Set<Node>();
  const open = source.effects();
  const want = (value: Value) => {
    if (!replaced.has(value)) open.push(value.node);
  };
  wanted.forEach(want);
  for (let node = open.pop(); node; node = open.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    node.inputs.forEach(want);
    open.push(...node.controls);
  }
  return needed;
}
