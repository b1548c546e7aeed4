import { convolvesBFloat16, stockConvolution } from "../../tensorflow";
import { DataType } from "../data-type";
import type { Graph, Node, Value } from "../graph";
import type { Pass } from "../inline";
import { attributeOf, op } from "../op-attributes";
import { isSum } from "./is-sum";
import { sizeOf } from "./size-of";

/** Inputs that may be bfloat16, by op; other inputs of these ops keep the type they have. */
const INPUTS: Readonly<Record<string, readonly number[]>> = {
  Conv2D: [0, 1],
  Conv2DBackpropInput: [1, 2],
  Conv2DBackpropFilter: [0, 2],
  DepthwiseConv2dNative: [0, 1],
  DepthwiseConv2dNativeBackpropInput: [1, 2],
  DepthwiseConv2dNativeBackpropFilter: [0, 2],
  GradampIm2col: [0, 1],
  MatMul: [0, 1],
  BatchMatMulV2: [0, 1],
  FusedBatchNormV3: [0],
  FusedBatchNormGradV3: [0, 1],
  GradampBatchNorm: [0],
  GradampBatchNormGrad: [0, 1],
  Relu: [0],
  ReluGrad: [0, 1],
  LeakyRelu: [0],
  LeakyReluGrad: [0, 1],
  GradampOutputStatistics: [0],
  MaxPool: [0],
  MaxPoolGrad: [0, 1, 2],
  AvgPool: [0],
  AvgPoolGrad: [1],
  PadV2: [0, 2],
  Slice: [0],
  StridedSlice: [0],
  Add: [0, 1],
  AddV2: [0, 1],
  BiasAdd: [0, 1],
  Reshape: [0],
  Identity: [0],
};

/** The ops for whose sake values are cast down; the others only go along where a value is bfloat16 already. */
const WORTH_A_CAST = /^(Conv2D|GradampIm2col$|DepthwiseConv2dNative|MatMul$|BatchMatMulV2$)/;

/** Which value of a convolution or of a gradient of one says what the convolution gives. */
const CONVOLVED = /^(Conv2D|DepthwiseConv2dNative)(BackpropInput|BackpropFilter)?$/;

/**
 * Whether oneDNN as TensorFlow 2.21 has it gets a convolution or its gradients wrong in bfloat16: where the output is
 * one pixel wide and the stride along the width is not 1 it reads, and writes, memory that is not the tensors'. Values
 * as large as 1e37 came of it, and processes that died of a damaged heap; height does not matter.
 *
 * Depthwise ones get here so; what is done about the others before they are traced is `sound-convolutions`.
 */
function isMiscomputed(node: Node): boolean {
  const kind = CONVOLVED.exec(stockConvolution(node.op));
  if (!kind) return false;
  const result = kind[2] ? node.inputs[2]! : node.outputs[0]!;
  const [, , stride] = attributeOf(node, "strides") as readonly number[];
  return result.shape![2] === 1 && stride! > 1;
}

/**
 * Computes convolutions and matrix products in bfloat16, and what lies between them too, so that values are cast once
 * on their way in and once on their way out.
 *
 * Batch norm takes and gives bfloat16 but its statistics are float32, as are all variables, their updates and
 * everything that is measured. Gradamp's own convolutions become TensorFlow's where the processor does not multiply
 * bfloat16, or oneDNN is faster. Casting each convolution's inputs and result instead was measured to cost more than the convolutions gain.
 */
export function bfloat16Pass(): Pass {
  const casts = new Map<Value, Value>();
  const as = (value: Value, dtype: number, target: Graph): Value => {
    if (value.dtype === dtype) return value;
    const known = casts.get(value);
    if (known) return known;
    const types = [op.type("SrcT", value.dtype), op.type("DstT", dtype), op.bool("Truncate", false)];
    const cast = target.add("Cast", types, [value]).outputs[0]!;
    casts.set(value, cast);
    // Where a value is wanted in its first type again, it is there.
    casts.set(cast, value);
    return cast;
  };
  const worthwhile = (node: Node, inputs: readonly Value[]) => {
    const places = INPUTS[stockConvolution(node.op)];
    if (!places || isMiscomputed(node) || node.inputs[places[0]!]!.dtype !== DataType.float32) return null;
    if (WORTH_A_CAST.test(stockConvolution(node.op))) return places;
    const wide = inputs.filter((value, at) => places.includes(at) && value.dtype !== DataType.bfloat16);
    if (wide.length === places.length) return null;
    // A sum with a float32 tensor of its own size may be a momentum or a weight that takes up a gradient, which is to
    // be exact; a bias is smaller.
    const isUpdate = isSum(node) && wide.some((value) => sizeOf(value) === sizeOf(node.outputs[0]!));
    return isUpdate ? null : places;
  };
  return {
    rewrite(node, inputs, target) {
      // tfjs casts pooled activations from float32 to float32.
      if (node.op === "Cast" && node.inputs[0]!.dtype === node.outputs[0]!.dtype) return [inputs[0]!];
      const places = worthwhile(node, inputs);
      const typed = inputs.map((value, at) =>
        as(value, places?.includes(at) ? DataType.bfloat16 : node.inputs[at]!.dtype, target),
      );
      const attributes = places
        ? node.attributes.map((each) => (each.name === "T" ? op.type("T", DataType.bfloat16) : each))
        : node.attributes;
      const name = places && !convolvesBFloat16() ? stockConvolution(node.op) : node.op;
      return target.add(name, attributes, typed).outputs;
    },
    result: (value, counterpart, target) => as(counterpart, value.dtype, target),
  };
}
