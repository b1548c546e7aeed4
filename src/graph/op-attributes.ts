import { type OpAttribute, TF_ATTR_FUNC, TF_ATTR_TENSOR, type TensorValue } from "../tensorflow";
import type { Graph, Node, Value } from "./graph";

/** Attributes of ops that gradamp itself puts into graphs; the numbers are TensorFlow's TF_AttrType. */
export const op = {
  string: (name: string, value: string): OpAttribute => ({ name, type: 0, value }),
  int: (name: string, value: number): OpAttribute => ({ name, type: 1, value }),
  ints: (name: string, value: readonly number[]): OpAttribute => ({ name, type: 1, value }),
  float: (name: string, value: number): OpAttribute => ({ name, type: 2, value }),
  bool: (name: string, value: boolean): OpAttribute => ({ name, type: 3, value }),
  /** One type, or a list of them. */
  type: (name: string, value: number | readonly number[]): OpAttribute => ({ name, type: 4, value }),
  shape: (name: string, value: readonly number[]): OpAttribute => ({ name, type: 5, value }),
  tensor: (name: string, value: TensorValue): OpAttribute => ({ name, type: TF_ATTR_TENSOR, value }),
  functionName: (name: string, value: string): OpAttribute => ({ name, type: TF_ATTR_FUNC, value }),
};

/** The value of a node's attribute; undefined where the op's default holds. */
export function attributeOf({ attributes }: Node, name: string): OpAttribute["value"] | undefined {
  return attributes.find((each) => each.name === name)?.value;
}

/** An input of a graph. */
export function placeholder(graph: Graph, dtype: number, shape: readonly number[]): Value {
  return graph.add("Placeholder", [op.type("dtype", dtype), op.shape("shape", shape)], []).outputs[0]!;
}
