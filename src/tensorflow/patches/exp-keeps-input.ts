import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type Patch, wrapKernel } from "./patch";

const name = "exp-keeps-input";

export const expKeepsInput: Patch = {
  name,
  changes: "kernel Exp of int32 and bool",
  reason: "tfjs-node disposes of an int32 tensor whose exponential it takes, and refuses bool",
  writtenFor: "tfjs-node 4.22",
  install() {
    wrapKernel(name, "Exp", (original) => (args) => {
      const x = args.inputs["x"] as Tensor;
      if (x.dtype !== "int32" && x.dtype !== "bool") return original(args);
      return tf.tidy(() => original({ ...args, inputs: { x: tf.cast(x, "float32") } }) as Tensor);
    });
  },
};
