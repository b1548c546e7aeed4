import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type Patch, wrapKernel } from "./patch";

const name = "scatter-rows";

export const scatterRows: Patch = {
  name,
  changes: "kernel ScatterNd, of indices in one dimension",
  reason: "they are a list of rows in tfjs and one place in TensorFlow, which refuses them or writes elsewhere",
  writtenFor: "tfjs-node 4.22, TensorFlow 2.21",
  install() {
    wrapKernel(name, "ScatterNd", (original) => (args) => {
      const indices = args.inputs["indices"] as Tensor;
      if (indices.rank !== 1) return original(args);
      return tf.tidy(
        () => original({ ...args, inputs: { ...args.inputs, indices: tf.expandDims(indices, 1) } }) as Tensor,
      );
    });
  },
};
