import type { Graph, Node, Value } from "../graph";

/** Who needs the values of a graph, for passes that let one op do the work of several. */
export class Users {
  readonly #users = new Map<Value, Node[]>();
  readonly #wanted: ReadonlySet<Value>;

  /** @param results what others than the graph's nodes want of it */
  constructor(graph: Graph, results: readonly Value[]) {
    for (const node of graph.nodes) {
      for (const input of new Set(node.inputs)) this.#users.set(input, [...this.of(input), node]);
    }
    this.#wanted = new Set(results);
  }

  of(value: Value): readonly Node[] {
    return this.#users.get(value) ?? [];
  }

  /** The node that needs a value, if it is the only one and nobody else wants it. */
  only(value: Value): Node | null {
    const [user, ...others] = this.of(value);
    return user && others.length === 0 && !this.#wanted.has(value) ? user : null;
  }
}
