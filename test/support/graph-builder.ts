import {
  graphBinding,
  type GraphBinding,
  type NativeGraph,
  type OpAttribute,
  type TensorInfo,
} from "../../src/tensorflow";
import { nativeBackend, type Tensor, tf } from "../../src/tensorflow";

export const FLOAT = 1;
export const INT32 = 3;

/** Attributes as the addon takes them. */
export const attr = {
  string: (name: string, value: string | string[]): OpAttribute => ({ name, type: 0, value }),
  int: (name: string, value: number | number[]): OpAttribute => ({ name, type: 1, value }),
  float: (name: string, value: number | number[]): OpAttribute => ({ name, type: 2, value }),
  bool: (name: string, value: boolean): OpAttribute => ({ name, type: 3, value }),
  type: (name: string, value: number | number[]): OpAttribute => ({ name, type: 4, value }),
  shape: (name: string, value: readonly (number | number[] | null)[] | null): OpAttribute => ({ name, type: 5, value }),
  tensor: (name: string, value: unknown): OpAttribute => ({ name, type: 6, value }),
  func: (name: string, value: string): OpAttribute => ({ name, type: 8, value }),
};

/** A graph whose nodes name themselves. */
export class GraphBuilder {
  readonly graph: NativeGraph;
  #count = 0;
  /** Of the node added last. */
  outputs: TensorInfo[] = [];

  constructor(binding: GraphBinding) {
    this.graph = binding.createGraph();
  }

  /** Adds a node that takes the first outputs of others, or pairs of node and output, and returns its number. */
  add(op: string, attributes: OpAttribute[] = [], inputs: (number | [number, number])[] = [], controls: number[] = []) {
    const flat = inputs.flatMap((input) => (typeof input === "number" ? [input, 0] : input));
    this.outputs = this.graph.addNode(op, `${op}_${this.#count}`, attributes, flat, controls);
    return this.#count++;
  }

  argument(dtype: number, shape: number[] | null) {
    return this.add("Placeholder", [attr.type("dtype", dtype), attr.shape("shape", shape)]);
  }

  int32(...values: number[]) {
    const shape = values.length === 1 ? [] : [values.length];
    return this.add("Const", [
      attr.type("dtype", INT32),
      attr.tensor("value", { dtype: INT32, shape, values: Int32Array.from(values) }),
    ]);
  }

  variable(name: string) {
    return this.add("VarHandleOp", variableAttributes(name));
  }

  /** Defines the function and frees the graph. */
  define(name: string, inputs: number[], outputs: (number | [number, number])[], controls: number[] = []) {
    this.graph.defineFunction(
      name,
      inputs.flatMap((node) => [node, 0]),
      outputs.flatMap((output) => (typeof output === "number" ? [output, 0] : output)),
      controls,
    );
    this.graph.dispose();
    return name;
  }
}

const variableAttributes = (name: string) => [
  attr.type("dtype", INT32),
  attr.shape("shape", []),
  attr.string("shared_name", name),
];

interface Addon {
  executeOp(
    name: string,
    attributes: OpAttribute[],
    inputs: number[],
    outputs: number,
  ): { id: number; dtype: number; shape: number[] }[];
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array;
  getNumOfTensors(): number;
}

export const addon = () => nativeBackend()!.binding as unknown as Addon;

/** The id of a tensor in the addon's table. */
export function idOf(tensor: Tensor): number {
  const backend = tf.backend() as unknown as { getInputTensorIds(tensors: Tensor[]): number[] };
  return backend.getInputTensorIds([tensor])[0]!;
}

/** Reads the values of results and frees them. */
export function take(results: readonly { id: number }[]): number[][] {
  return results.map(({ id }) => {
    const values = [...addon().tensorDataSync(id)];
    addon().deleteTensor(id);
    return values;
  });
}

/** An int32 resource variable. */
export class Int32Variable {
  readonly #handle: number;

  constructor(name: string, value: number) {
    this.#handle = addon().executeOp("VarHandleOp", variableAttributes(name), [], 1)[0]!.id;
    this.value = value;
  }

  get value(): number {
    return take(addon().executeOp("ReadVariableOp", [attr.type("dtype", INT32)], [this.#handle], 1))[0]![0]!;
  }

  set value(value: number) {
    const tensor = tf.scalar(value, "int32");
    addon().executeOp("AssignVariableOp", [attr.type("dtype", INT32)], [this.#handle, idOf(tensor)], 0);
    tensor.dispose();
  }

  dispose() {
    addon().deleteTensor(this.#handle);
  }
}

/** Calls a function off the event loop with int32 scalars. */
export async function callWith(name: string, values: number[], outputs = 1): Promise<number[][]> {
  const tensors = values.map((value) => tf.scalar(value, "int32"));
  const call = graphBinding()!.executeAsync(name, tensors.map(idOf), outputs);
  tf.dispose(tensors);
  return take(await call);
}

/**
 * Defines a loop `name(first, end)` that adds to the variable `${name}/count` in each turn and ends before `end`, or as
 * soon as the variable `${name}/stop` is not 0.
 */
export function defineLoop(binding: GraphBinding, name: string, lowered = true): string {
  const condition = new GraphBuilder(binding);
  {
    const turn = condition.argument(INT32, []);
    const end = condition.argument(INT32, []);
    const more = condition.add("Less", [], [turn, end]);
    const stop = condition.add(
      "ReadVariableOp",
      [attr.type("dtype", INT32)],
      [condition.variable(`${name}/stop`)],
      [turn],
    );
    const going = condition.add("Equal", [], [stop, condition.int32(0)]);
    condition.define(`${name}_condition`, [turn, end], [condition.add("LogicalAnd", [], [more, going])]);
  }
  const body = new GraphBuilder(binding);
  {
    const turn = body.argument(INT32, []);
    const end = body.argument(INT32, []);
    const one = body.int32(1);
    const next = body.add("AddV2", [], [turn, one]);
    const count = body.variable(`${name}/count`);
    const old = body.add("ReadVariableOp", [attr.type("dtype", INT32)], [count], [turn]);
    const raised = body.add("AddV2", [], [old, one]);
    const assigned = body.add("AssignVariableOp", [attr.type("dtype", INT32)], [count, raised]);
    body.define(`${name}_body`, [turn, end], [next, end], [assigned]);
  }
  const loop = new GraphBuilder(binding);
  const first = loop.argument(INT32, []);
  const end = loop.argument(INT32, []);
  const turns = loop.add(
    "While",
    [
      attr.type("T", [INT32, INT32]),
      attr.func("cond", `${name}_condition`),
      attr.func("body", `${name}_body`),
      attr.int("parallel_iterations", 1),
      attr.shape("output_shapes", [[], []]),
      attr.bool("_lower_using_switch_merge", lowered),
    ],
    [first, end],
  );
  return loop.define(name, [first, end], [turns]);
}
