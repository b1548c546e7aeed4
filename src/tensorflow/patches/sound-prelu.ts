import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type Patch, wrapKernel } from "./patch";

const name = "sound-prelu";

export const soundPrelu: Patch = {
  name,
  changes: "kernel Prelu",
  reason:
    "tfjs-node's, composed of the absolute value, makes NaN of infinity and infinity of what is below half of float32's range",
  writtenFor: "tfjs-node 4.22",
  install() {
    wrapKernel(name, "Prelu", () => ({ inputs }) => {
      const [x, alpha] = [inputs["x"] as Tensor, inputs["alpha"] as Tensor];
      return tf.tidy(() => tf.where(tf.less(x, 0), tf.mul(alpha, x), tf.cast(x, "float32")));
    });
  },
};
