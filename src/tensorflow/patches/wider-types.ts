import type { DataType, Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { javascriptKernel } from "./javascript-kernel";
import { type KernelFunction, type Patch, wrapKernel } from "./patch";

const name = "wider-types";

/** Kernels that TensorFlow has in float32 alone, and the type of what they give of whole numbers. */
const IN_FLOAT: Readonly<Record<string, DataType>> = {
  LeakyRelu: "float32",
  Step: "int32",
  IsNan: "bool",
  IsInf: "bool",
  IsFinite: "bool",
};
const COMPARISONS = ["Greater", "GreaterEqual", "Less", "LessEqual"];

export const widerTypes: Patch = {
  name,
  changes: `kernels ${[...Object.keys(IN_FLOAT), "Diag"].join(", ")} of int32 and bool, and ${COMPARISONS.join(", ")} of strings`,
  reason:
    "TensorFlow's ops refuse these types, which tfjs's own backends take; comparisons of strings run in JavaScript",
  writtenFor: "tfjs-node 4.22, TensorFlow 2.21",
  install() {
    for (const [kernelName, result] of Object.entries(IN_FLOAT)) {
      wrapKernel(name, kernelName, (original) => (args) => {
        const x = args.inputs["x"] as Tensor;
        if (x.dtype !== "int32" && x.dtype !== "bool") return original(args);
        return converted(original, args, "x", "float32", result);
      });
    }
    wrapKernel(name, "Diag", (original) => (args) => {
      const isBool = (args.inputs["x"] as Tensor).dtype === "bool";
      return isBool ? converted(original, args, "x", "int32", "bool") : original(args);
    });
    for (const kernelName of COMPARISONS) {
      const inJavaScript = javascriptKernel(kernelName);
      wrapKernel(name, kernelName, (original) => (args) => {
        const isText = (args.inputs["a"] as Tensor).dtype === "string";
        return isText ? inJavaScript(args) : original(args);
      });
    }
  },
};

/** A kernel's result with its input in a type that it takes. */
function converted(
  original: KernelFunction,
  args: Parameters<KernelFunction>[0],
  input: string,
  taken: DataType,
  given: DataType,
): Tensor {
  return tf.tidy(() => {
    const inputs = { ...args.inputs, [input]: tf.cast(args.inputs[input] as Tensor, taken) };
    return tf.cast(original({ ...args, inputs }) as Tensor, given);
  });
}
