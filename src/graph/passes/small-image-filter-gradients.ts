import { addConstant } from "../constant";
import { DataType } from "../data-type";
import type { Graph, Node, Value } from "../graph";
import type { Pass } from "../inline";
import { attributeOf, op } from "../op-attributes";

/** Images of at most so many pixels; from 8 × 8 on, writing out the patches costs more than the product gains. */
const MOST_PIXELS = 16;

/**
 * Computes filter gradients of small images in bfloat16 as one matrix product.
 *
 * oneDNN's bfloat16 filter gradients of images of 2 × 2 and 4 × 4 pixels are no faster than in float32.  Patches of the
 * input, written out, times the gradient are the same sum: at 2 × 2 × 512 half the time, at 4 × 4 × 256 → 512 two thirds
 * (2 cores of an AMD EPYC with AVX-512 bf16, interleaved, median of 7).
 */
export function smallImageFilterGradientsPass(): Pass {
  return {
    rewrite(node, [input, , gradient], target) {
      const filter = node.outputs[0]?.shape;
      if (!filter || !isSuitable(node)) return null;
      const [height, width, channels, filters] = filter as [number, number, number, number];
      const type = op.type("T", DataType.bfloat16);
      const windows = [
        op.ints("ksizes", [1, height, width, 1]),
        op.ints("strides", [1, 1, 1, 1]),
        op.ints("rates", [1, 1, 1, 1]),
        op.string("padding", "SAME"),
      ];
      const patches = target.add("ExtractImagePatches", [type, ...windows], [input!]).outputs[0]!;
      const pixels = gradient!.shape!.slice(0, 3).reduce((product, size) => product * size, 1);
      const rows = reshape(target, patches, [pixels, height * width * channels]);
      const columns = reshape(target, gradient!, [pixels, filters]);
      const transposed = [op.bool("transpose_a", true), op.bool("transpose_b", false)];
      const product = target.add("MatMul", [type, ...transposed], [rows, columns]).outputs[0]!;
      return [reshape(target, product, filter)];
    },
    result: (_, counterpart) => counterpart,
  };
}

/** Stride 1, padding "SAME", no gaps in the filter, small images. */
function isSuitable(node: Node): boolean {
  const [input, , gradient] = node.inputs;
  if (node.op !== "Conv2DBackpropFilter" || input?.dtype !== DataType.bfloat16) return false;
  const [, height = 0, width = 0] = input.shape ?? [];
  const [, outHeight, outWidth] = gradient!.shape ?? [];
  const plain = (name: string) => {
    const value = attributeOf(node, name) as number[] | undefined;
    return value === undefined || value.every((each) => each === 1);
  };
  // With strides of 1, an output of the input's size means padding "SAME".
  const sameSize = outHeight === height && outWidth === width;
  return height * width <= MOST_PIXELS && sameSize && plain("strides") && plain("dilations");
}

function reshape(graph: Graph, value: Value, shape: readonly number[]): Value {
  const dims = addConstant(graph, DataType.int32, [shape.length], Int32Array.from(shape));
  const types = [op.type("T", value.dtype), op.type("Tshape", DataType.int32)];
  return graph.add("Reshape", types, [value, dims]).outputs[0]!;
}
