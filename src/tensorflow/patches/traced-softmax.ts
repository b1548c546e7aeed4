import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { runsOnGpu } from "../runs-on-gpu";
import { isTracing } from "../tracing";
import { type Patch, wrapKernel } from "./patch";

const name = "traced-softmax";

export const tracedSoftmax: Patch = {
  name,
  changes: "kernel Softmax, while a step is compiled for a CPU",
  reason:
    "in a graph TensorFlow takes oneDNN's softmax, which makes zeros of the NaN of a row; composed of its steps it gives " +
    "the same bits as op by op",
  writtenFor: "tfjs-node 4.22, TensorFlow 2.21",
  install() {
    wrapKernel(name, "Softmax", (original) => (args) => {
      if (!isTracing() || runsOnGpu()) return original(args);
      return tf.tidy(() => softmax(args.inputs["logits"] as Tensor));
    });
  },
};

/** As TensorFlow's own kernel computes it, of the last axis. */
function softmax(logits: Tensor): Tensor {
  const exponentials = tf.exp(tf.sub(logits, tf.max(logits, -1, true)));
  return tf.mul(exponentials, tf.reciprocal(tf.sum(exponentials, -1, true)));
}
