import { DataType } from "./data-type";
import type { Graph, Value } from "./graph";
import { op } from "./op-attributes";

type Numbers = Float32Array | Int32Array | Uint8Array;

/** Numbers that are written into a graph one by one; more of them only where they are all the same. */
const MOST_NUMBERS = 256;

const known = new WeakMap<Graph, Map<string, Value>>();

function isUniform(values: Numbers): boolean {
  return values.every((value) => Object.is(value, values[0]));
}

/** Whether a constant can be written into a graph; others must come in from outside. */
export function isSmallConstant(values: Numbers): boolean {
  return values.length <= MOST_NUMBERS || isUniform(values);
}

/** Adds a constant to a graph, each only once; a large one of equal numbers as a `Fill`, which costs no bytes. */
export function addConstant(graph: Graph, dtype: number, shape: readonly number[], values: Numbers): Value {
  const small = values.length <= MOST_NUMBERS;
  // Bytes, since −0 and 0 are different constants that print alike.
  const { buffer, byteOffset, byteLength } = small ? values : values.subarray(0, 1);
  const key = `${dtype} ${shape.join(",")} ${Buffer.from(buffer, byteOffset, byteLength).toString("base64")}`;
  const constants = known.get(graph) ?? new Map<string, Value>();
  known.set(graph, constants);
  const value =
    constants.get(key) ?? (small ? literal(graph, dtype, shape, values) : fill(graph, dtype, shape, values));
  constants.set(key, value);
  return value;
}

function literal(graph: Graph, dtype: number, shape: readonly number[], values: Numbers): Value {
  const tensor = { dtype, shape: [...shape], values: values.slice() };
  return graph.add("Const", [op.type("dtype", dtype), op.tensor("value", tensor)], []).outputs[0]!;
}

function fill(graph: Graph, dtype: number, shape: readonly number[], values: Numbers): Value {
  const dims = addConstant(graph, DataType.int32, [shape.length], Int32Array.from(shape));
  const value = addConstant(graph, dtype, [], values.slice(0, 1));
  return graph.add("Fill", [op.type("T", dtype), op.type("index_type", DataType.int32)], [dims, value]).outputs[0]!;
}
