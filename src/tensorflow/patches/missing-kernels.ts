import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { attribute, opType, rawOp } from "../raw-op";
import { javascriptKernel } from "./javascript-kernel";
import { addKernel, type KernelFunction, type Patch } from "./patch";

type Inputs = Readonly<Record<string, Tensor>>;
type Attributes = Readonly<Record<string, unknown>>;

const native =
  (run: (inputs: Inputs, attributes: Attributes) => Tensor): KernelFunction =>
  ({ inputs, attrs }) =>
    tf.tidy(() => run(inputs as Inputs, attrs as unknown as Attributes));

/** Kernels for which TensorFlow has an op. */
const NATIVE: Readonly<Record<string, KernelFunction>> = {
  BitwiseAnd: native(({ a, b }) => rawOp("BitwiseAnd", { T: attribute.type("int32") }, [a!, b!])[0]!),
  DenseBincount: native(({ x, weights }, { size, binaryOutput }) => {
    const attributes = {
      Tidx: attribute.type("int32"),
      T: attribute.type(opType(weights!.dtype)),
      binary_output: attribute.bool(binaryOutput as boolean),
    };
    return rawOp("DenseBincount", attributes, [x!, tf.scalar(size as number, "int32"), weights!])[0]!;
  }),
  SearchSorted: native(({ sortedSequence, values }, { side }) => {
    const attributes = { T: attribute.type(opType(values!.dtype)), out_type: attribute.type("int32") };
    return rawOp(side === "left" ? "LowerBound" : "UpperBound", attributes, [sortedSequence!, values!])[0]!;
  }),
  Transform: native(({ image, transforms }, { interpolation, fillMode, fillValue, outputShape }) => {
    const attributes = {
      dtype: attribute.type("float32"),
      interpolation: attribute.string((interpolation as string).toUpperCase()),
      fill_mode: attribute.string((fillMode as string).toUpperCase()),
    };
    const size = (outputShape as [number, number] | undefined) ?? image!.shape.slice(1, 3);
    const inputs = [image!, transforms!, tf.tensor1d([...size], "int32"), tf.scalar(fillValue as number)];
    return rawOp("ImageProjectiveTransformV3", attributes, inputs)[0]!;
  }),
};

/** Kernels that run in JavaScript: about text and ragged tensors, and two about pictures. */
const JAVASCRIPT = [
  "MaxPoolWithArgmax",
  "RaggedGather",
  "RaggedRange",
  "RaggedTensorToTensor",
  "RotateWithOffset",
  "SparseFillEmptyRows",
  "SparseReshape",
  "SparseSegmentMean",
  "SparseSegmentSum",
  "StringNGrams",
  "StringSplit",
  "StringToHashBucketFast",
];

export const missingKernels: Patch = {
  name: "missing-kernels",
  changes: `kernels ${Object.keys(NATIVE).join(", ")} by TensorFlow, and ${JAVASCRIPT.join(", ")} in JavaScript, added`,
  reason: "tfjs-node has no kernel for these functions of tfjs, which tfjs's own backends have",
  writtenFor: "tfjs-node 4.22, TensorFlow 2.21",
  install() {
    for (const [kernelName, kernel] of Object.entries(NATIVE)) addKernel(kernelName, kernel);
    for (const kernelName of JAVASCRIPT) addKernel(kernelName, javascriptKernel(kernelName));
  },
};
