import { Graph, type Node, type Value } from "./graph";

/** Puts something else in the place of a node; null leaves it as it is. */
export type Rewrite = (node: Node, inputs: readonly Value[], target: Graph) => Node | null;

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
  rewrite: Rewrite = () => null,
): (value: Value) => Value {
  const copies = new Map(replaced);
  const needed = neededNodes(source, replaced, wanted);
  const copied = new Map<Node, Node>();
  for (const node of source.nodes) {
    if (!needed.has(node)) continue;
    const inputs = node.inputs.map((input) => copies.get(input)!);
    const controls = node.controls.flatMap((control) => copied.get(control) ?? []);
    const copy = rewrite(node, inputs, target) ?? target.add(node.op, node.attributes, inputs, controls);
    node.outputs.forEach((output, at) => copies.set(output, copy.outputs[at]!));
    copied.set(node, copy);
  }
  return (value) => copies.get(value)!;
}

function neededNodes(source: Graph, replaced: ReadonlyMap<Value, Value>, wanted: readonly Value[]): Set<Node> {
  const needed = new Set<Node>();
  const open = source.nodes.filter((node) => node.outputs.length === 0);
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
