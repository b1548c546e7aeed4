import { DataType, dataTypeName } from "../../src/graph/data-type";
import type { Graph, Node, Value } from "../../src/graph/graph";
import { sizeOf } from "../../src/graph/passes/size-of";
import { stockConvolution } from "../../src/tensorflow";

/** What a step has to do, however fast it is done. */
export interface StepWork {
  /** Read and written by operations, from and to memory. */
  readonly bytes: number;
  /** Floating-point operations: two for each multiplication that is added up, one for each number of any other result. */
  readonly flops: number;
}

/** Ops that leave their input where it is, or have none. */
const MOVES_NOTHING: ReadonlySet<string> = new Set(
  "Placeholder Const Identity StopGradient Reshape ExpandDims Squeeze Shape NoOp".split(" "),
);

const BYTES: Readonly<Record<number, number>> = {
  [DataType.float32]: 4,
  [DataType.int32]: 4,
  [DataType.int64]: 8,
  [DataType.uint8]: 1,
  [DataType.bool]: 1,
  [DataType.bfloat16]: 2,
};

/**
 * Counts the work of a graph whose shapes are all known.
 *
 * @throws {RangeError} where the shape or the type of a value does not say how large it is
 */
export function stepWork({ nodes }: Graph): StepWork {
  let [bytes, flops] = [0, 0];
  for (const node of nodes) {
    if (MOVES_NOTHING.has(node.op)) continue;
    for (const value of [...node.inputs, ...node.outputs]) bytes += bytesOf(value);
    flops += flopsOf(node);
  }
  return { bytes, flops };
}

function bytesOf(value: Value): number {
  const { shape, dtype, node } = value;
  const each = BYTES[dtype];
  if (each === undefined || shape === null || shape.some((size) => size < 0))
    throw new RangeError(
      `Expected values of a known size but ${node.op} gives ${dataTypeName(dtype)}[${String(shape)}]`,
    );
  return each * sizeOf(value);
}

function flopsOf({ op, inputs, outputs }: Node): number {
  const [first, second, third] = inputs;
  const result = outputs[0];
  switch (stockConvolution(op)) {
    case "Conv2D":
      return convolutionFlops(result!, second!);
    case "Conv2DBackpropInput":
      return convolutionFlops(third!, second!);
    case "Conv2DBackpropFilter":
      return convolutionFlops(third!, result!);
    case "MatMul":
    case "BatchMatMul":
    case "BatchMatMulV2": {
      // Of [n, k] by [k, m], whichever of them is transposed: √(nk · km · nm) = nkm.
      const matrices = result!.shape!.slice(0, -2).reduce((product, size) => product * size, 1);
      return 2 * Math.sqrt((sizeOf(first!) * sizeOf(second!) * sizeOf(result!)) / matrices);
    }
    default:
      return Math.max(0, ...[...inputs, ...outputs].map(sizeOf));
  }
}

/** Each output pixel is touched by the whole filter of [height, width, in, out]; padding included. */
function convolutionFlops(output: Value, filter: Value): number {
  return (2 * sizeOf(output) * sizeOf(filter)) / filter.shape![3]!;
}
