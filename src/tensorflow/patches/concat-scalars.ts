import type { Tensor, TensorInfo } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type Patch, wrapGradient, wrapKernel } from "./patch";

const name = "concat-scalars";

export const concatScalars: Patch = {
  name,
  changes: "kernel and gradient Concat, of scalars",
  reason:
    "TensorFlow's ConcatV2 refuses scalars, of which tfjs's own backends make a vector; tfjs-node's TensorBoard callback " +
    "needs it for its histograms. The gradient is refused by tfjs itself",
  writtenFor: "tfjs 4.22, TensorFlow 2.21",
  install() {
    wrapKernel(name, "Concat", (original) => (args) => {
      const inputs = args.inputs as unknown as readonly TensorInfo[];
      if (inputs.some(({ shape }) => shape.length > 0)) return original(args);
      const pack = tf.getKernel("Pack", "tensorflow")!.kernelFunc;
      return pack({ ...args, attrs: { axis: 0 } });
    });
    wrapGradient(name, "Concat", (original) => ({
      ...original,
      gradFunc: (dy, saved, attrs) => {
        if (saved.some(({ rank }) => rank > 0)) return original.gradFunc(dy, saved, attrs);
        // By position, as tfjs's own: what Concat is given is a list.
        return tf.unstack(dy as Tensor).map((each) => () => each) as unknown as ReturnType<typeof original.gradFunc>;
      },
    }));
  },
};
