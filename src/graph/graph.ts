import { graphBinding, graphFallback, type NativeGraph, type OpAttribute } from "../tensorflow";

/** An output of a node. */
export interface Value {
  readonly node: Node;
  /** Which output of its node. */
  readonly output: number;
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  /** A dimension that cannot be told before the graph runs is −1; null where not even their number can. */
  readonly shape: readonly number[] | null;
}

/** One op of a graph. */
export interface Node {
  readonly op: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly Value[];
  /** Nodes that must have run before. */
  readonly controls: readonly Node[];
  /** Where it must run, as "/device:CPU:0"; null leaves that to TensorFlow. */
  readonly device: string | null;
  readonly outputs: readonly Value[];
}

/**
 * A graph of TensorFlow ops, in the order in which they may run.
 *
 * Beside the list it keeps TensorFlow's own graph of the same nodes, which checks each node as it is added and infers the
 * types and shapes of its outputs: nothing is computed, and nothing about ops is known here.
 */
export class Graph {
  readonly #nodes: Node[] = [];
  readonly #numbers = new Map<Node, number>();
  readonly #native: NativeGraph;

  constructor() {
    const binding = graphBinding();
    if (!binding) throw new Error(`Expected TensorFlow's graphs but ${graphFallback()}: run \`gradamp setup\``);
    this.#native = binding.createGraph();
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /**
   * @param options.outputs whose shapes hold where TensorFlow cannot tell them, as of a function that is called
   * @throws {Error} if op, attributes and inputs do not fit together; the message is TensorFlow's
   */
  add(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Value[],
    { controls = [], device = null, outputs: known }: Partial<Pick<Node, "controls" | "device" | "outputs">> = {},
  ): Node {
    const number = this.#nodes.length;
    const infos = this.#native.addNode(
      op,
      `n${number}`,
      attributes,
      inputs.flatMap((value) => [this.#number(value.node), value.output]),
      controls.map((node) => this.#number(node)),
      device,
    );
    const outputs: Value[] = [];
    const node: Node = { op, attributes, inputs, controls, device, outputs };
    infos.forEach(({ dtype, shape }, output) =>
      outputs.push({ node, output, dtype, shape: shape ?? known?.[output]?.shape ?? null }),
    );
    this.#nodes.push(node);
    this.#numbers.set(node, number);
    return node;
  }

  /**
   * Makes a function of the graph, for TensorFlow to run by its name.
   *
   * @param controls nodes that must run though no output needs them
   */
  define(
    name: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    controls: readonly Node[],
    options: { xla?: boolean } = {},
  ): void {
    const flat = (values: readonly Value[]) => values.flatMap((value) => [this.#number(value.node), value.output]);
    const last = controls.map((node) => this.#number(node));
    this.#native.defineFunction(name, flat(inputs), flat(outputs), last, options);
  }

  /** Ops that are run for what they do, since they return nothing. */
  effects(): Node[] {
    return this.#nodes.filter((node) => node.outputs.length === 0);
  }

  dispose(): void {
    this.#native.dispose();
  }

  #number(node: Node): number {
    const number = this.#numbers.get(node);
    if (number === undefined) throw new Error(`Expected a node of this graph but found ${node.op} of another`);
    return number;
  }
}
