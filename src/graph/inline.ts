import type { Graph, Node, Value } from "./graph";

/** Puts something else in the place of nodes while a graph is copied. */
export interface Pass {
  /**
   * Adds what stands for a node to the target, and returns the counterparts of its outputs; null copies it as it is.
   *
   * @param inputs counterparts of the node's inputs
   * @param find gives the counterpart of any value that does not depend on the node; it is copied now if it was not yet
   */
  rewrite(node: Node, inputs: readonly Value[], target: Graph, find: (value: Value) => Value): readonly Value[] | null;
  /** The counterpart of a value for whoever is no node: an output of the graph. Left out, it is the one that nodes see. */
  result?(value: Value, counterpart: Value, target: Graph): Value;
}

/** Copies every node as it is. */
export const COPY: Pass = { rewrite: () => null };

/**
 * Copies what some values need from one graph into another.
 *
 * @param replaced values of the source, placeholders mostly, that have a counterpart in the target already
 * @param wanted what is needed; ops without outputs come along too, since they are run for what they do
 * @returns finds the target's counterpart of a value
 * @throws {Error} if a pass asks for a value that depends on the node it rewrites
 */
export function inline(
  source: Graph,
  target: Graph,
  replaced: ReadonlyMap<Value, Value>,
  wanted: readonly Value[],
  pass: Pass = COPY,
): (value: Value) => Value {
  const counterparts = new Map(replaced);
  /** What a node became; null while it is being copied. */
  const copies = new Map<Node, Node | null>();

  function find(value: Value): Value {
    const known = counterparts.get(value);
    if (known) return known;
    // Out of turn: a pass wants a value that comes later in the source, or that nothing else needs.
    copyAll(neededNodes(source, new Set(counterparts.keys()), [value], []));
    return counterparts.get(value)!;
  }

  function copyAll(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (copies.get(node) === null) {
        throw new Error(`Expected a pass to ask for values that do not depend on the ${node.op} that it rewrites`);
      }
      if (!copies.has(node)) copyNode(node);
    }
  }

  function copyNode(node: Node): void {
    copies.set(node, null);
    const inputs = node.inputs.map((input) => counterparts.get(input)!);
    const rewritten = pass.rewrite(node, inputs, target, find);
    const controls = node.controls.flatMap((control) => copies.get(control) ?? []);
    const copy = rewritten ? null : target.add(node.op, node.attributes, inputs, { ...node, controls });
    const outputs = rewritten ?? copy!.outputs;
    node.outputs.forEach((output, at) => counterparts.set(output, outputs[at]!));
    const last = copy ?? outputs[0]?.node;
    if (last) copies.set(node, last);
    else copies.delete(node);
  }

  copyAll(neededNodes(source, new Set(replaced.keys()), wanted));
  return (value) => {
    const counterpart = find(value);
    return pass.result?.(value, counterpart, target) ?? counterpart;
  };
}

/**
 * The nodes that some values need, in the order in which they may run.
 *
 * @param given values that are there already
 * @param effects nodes that are run for what they do
 */
export function neededNodes(
  source: Graph,
  given: ReadonlySet<Value>,
  wanted: readonly Value[],
  effects: readonly Node[] = source.effects(),
): Node[] {
  const needed = new Set<Node>();
  const open = [...effects];
  const want = (value: Value) => {
    if (!given.has(value)) open.push(value.node);
  };
  wanted.forEach(want);
  for (let node = open.pop(); node; node = open.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    node.inputs.forEach(want);
    open.push(...node.controls);
  }
  return source.nodes.filter((node) => needed.has(node));
}
