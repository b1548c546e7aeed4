import { stockConvolution } from "../../tensorflow";
import { DataType } from "../data-type";
import { type Graph, type Node, type Value } from "../graph";
import { op } from "../op-attributes";
import { sizeOf } from "./size-of";

/** Ops that are linear in one of their inputs and give a value of about the same size, and which input that is. */
const GRADIENTS: Readonly<Record<string, number>> = {
  ReluGrad: 0,
  Relu6Grad: 0,
  LeakyReluGrad: 0,
  EluGrad: 0,
  MaxPoolGrad: 2,
  AvgPoolGrad: 1,
  Reshape: 0,
};

/** Which input of a gradient or a change of shape its result is linear in; undefined for any other node. */
export function linearIn(node: Node): number | undefined {
  // Of float32 to float32, which tfjs's gradients of sums are full of.
  if (node.op === "Cast") return node.inputs[0]!.dtype === node.outputs[0]!.dtype ? 0 : undefined;
  return GRADIENTS[node.op];
}

/** Batch norm's gradients take the scale as their third input, and return its gradient and the offset's behind dx. */
export const isBatchNormGrad = ({ op: kind }: Node): boolean =>
  /^(FusedBatchNormGradV3|GradampBatchNormGrad)$/.test(kind);

/**
 * The input of a gradient through which its first output can be multiplied at less cost: a convolution's filter where it
 * is much smaller than its result, batch norm's scale.
 */
export function smallFactorOf(node: Node): number | null {
  if (isBatchNormGrad(node)) return 2;
  if (stockConvolution(node.op) !== "Conv2DBackpropInput") return null;
  return 4 * sizeOf(node.inputs[1]!) < sizeOf(node.outputs[0]!) ? 1 : null;
}

/** A product of a float32 tensor and a number: which inputs they are; null for any other node. */
export function scalingOf({ op: kind, inputs }: Node): { readonly tensor: number; readonly scalar: number } | null {
  if (kind !== "Mul" || inputs[0]!.dtype !== DataType.float32) return null;
  const [x, y] = inputs.map(({ shape }) => shape?.length === 0);
  if (x === y) return null;
  return y ? { tensor: 0, scalar: 1 } : { tensor: 1, scalar: 0 };
}

/** Adds a product. */
export function times(x: Value, factor: Value, target: Graph): Value {
  return target.add("Mul", [op.type("T", DataType.float32)], [x, factor]).outputs[0]!;
}
