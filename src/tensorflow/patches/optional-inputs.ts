import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type Patch, wrapMethod } from "./patch";

const name = "optional-inputs";

type RunKernel = (this: object, kernelName: string, inputs: NamedTensorMap, attributes?: object) => unknown;

/** Kernels with inputs that may be left out, and what stands for them. */
const DEFAULTS: Readonly<Record<string, (inputs: NamedTensorMap) => Record<string, () => Tensor>>> = {
  FusedBatchNorm: ({ mean }) => ({ scale: () => tf.onesLike(mean!), offset: () => tf.zerosLike(mean!) }),
};

export const optionalInputs: Patch = {
  name,
  changes: "method `runKernel` of tfjs's engine, for FusedBatchNorm",
  reason:
    "the gradient of a batch norm without scale or without offset dies in tfjs, which looks for the tensors that are not " +
    "there: a frozen `tf.layers.batchNormalization` with `scale: false` or `center: false`. Ones and zeros stand for them",
  writtenFor: "tfjs 4.22",
  install() {
    const engine = Object.getPrototypeOf(tf.engine()) as { runKernel: RunKernel };
    wrapMethod(
      name,
      engine,
      "runKernel",
      (original) =>
        function (kernelName, inputs, attributes) {
          const defaults = DEFAULTS[kernelName];
          if (!defaults) return original.call(this, kernelName, inputs, attributes);
          const complete = { ...inputs };
          for (const [input, make] of Object.entries(defaults(inputs))) complete[input] ??= make();
          return original.call(this, kernelName, complete, attributes);
        },
    );
  },
};
