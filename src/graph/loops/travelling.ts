import { runsOnGpu } from "../../tensorflow";
import { DataType } from "../data-type";
import type { Graph, Value } from "../graph";
import { op, placeholder } from "../op-attributes";

/** What is known of a tensor that goes into a function or comes out of it. */
type Kind = Pick<Value, "dtype" | "shape">;

/** So many numbers go with the host's own, shapes and seeds among them, where they are computed with. */
const FEW = 16;

/**
 * Whether a tensor goes through functions and loops as float32 numbers of the same bits.
 *
 * TensorFlow keeps int32 in the host's memory there: a whole data set of labels or tokens would be sent to the card in
 * every step. A few numbers, a loop's index among them, stay as they are.
 */
export function isDisguised({ dtype, shape }: Kind): boolean {
  if (dtype !== DataType.int32 || !shape || !runsOnGpu()) return false;
  return shape.reduce((product, size) => product * size, 1) > FEW;
}

/** The type that a tensor has on its way. */
export const travelType = (kind: Kind): number => (isDisguised(kind) ? DataType.float32 : kind.dtype);

/** Adds an input of a function for a value of a kind. */
export const enter = (graph: Graph, kind: Kind): Value => placeholder(graph, travelType(kind), kind.shape!);

/** The value that an input stands for. */
export const reveal = (graph: Graph, input: Value, kind: Kind): Value =>
  isDisguised(kind) ? bitcast(graph, input, kind.dtype) : input;

/** A value as it leaves a function. */
export const leave = (graph: Graph, value: Value): Value =>
  isDisguised(value) ? bitcast(graph, value, DataType.float32) : value;

/** Attributes of the op that takes a tensor's bits for another type's. */
export const bitcastTypes = (from: number, to: number) => [op.type("T", from), op.type("type", to)];

const bitcast = (graph: Graph, value: Value, to: number): Value =>
  graph.add("Bitcast", bitcastTypes(value.dtype, to), [value]).outputs[0]!;
