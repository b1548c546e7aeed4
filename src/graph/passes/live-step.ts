import type { TensorValue } from "../../tensorflow";
import { backendInternals } from "../backend-internals";
import { traceInputs, written } from "../loops/define-step";
import type { Node, Value } from "../graph";
import { neededNodes } from "../inline";
import { attributeOf } from "../op-attributes";
import type { Trace } from "../trace";

/**
 * What a pass sees of a step: only what the step's results need, so that no pass can build on what is about to go.
 */
export class LiveStep {
  /** The nodes in the order in which they may run. */
  readonly nodes: readonly Node[];
  readonly #places: ReadonlyMap<Node, number>;
  readonly #users = new Map<Value, Node[]>();
  readonly #results: ReadonlySet<Value>;
  readonly #captured: ReadonlyMap<Value, object>;

  constructor(trace: Trace) {
    const results = resultsOf(trace);
    this.nodes = neededNodes(trace.graph, new Set(traceInputs(trace)), results);
    this.#places = new Map(this.nodes.map((node, place) => [node, place]));
    this.#results = new Set(results);
    this.#captured = new Map(trace.captures.map(({ value, dataId }) => [value, dataId]));
    for (const node of this.nodes) {
      for (const input of new Set(node.inputs)) {
        const users = this.#users.get(input);
        if (users) users.push(node);
        else this.#users.set(input, [node]);
      }
    }
  }

  /** The nodes that need a value. */
  users(value: Value): readonly Node[] {
    return this.#users.get(value) ?? [];
  }

  /** The node that needs a value, if it is the only one and the value is no result of the step. */
  onlyUser(value: Value): Node | null {
    const [user, ...others] = this.users(value);
    return user && others.length === 0 && !this.#results.has(value) ? user : null;
  }

  /** Whether a value is there before a node in the order of the list, so that it cannot depend on the node. */
  isBefore(value: Value, node: Node): boolean {
    // Inputs of the step are no nodes of the list.
    return (this.#places.get(value.node) ?? -1) < this.#places.get(node)!;
  }

  /**
   * A value's only number, where every call finds the same: in a constant, or in a tensor from outside, since a step is
   * traced anew where such a tensor is disposed of. Null for what is computed, handed in or held by a variable.
   */
  knownNumber(value: Value): number | null {
    if (value.shape?.length !== 0) return null;
    const dataId = this.#captured.get(value);
    if (dataId) return Number((backendInternals().readSync(dataId) as ArrayLike<number>)[0]);
    if (value.node.op !== "Const") return null;
    return Number((attributeOf(value.node, "value") as TensorValue).values[0]);
  }
}

/** What is wanted of a step: its outputs and the values of the variables that it writes. */
export function resultsOf(trace: Trace): Value[] {
  return [...trace.outputs, ...written(trace).map(({ after }) => after)];
}
