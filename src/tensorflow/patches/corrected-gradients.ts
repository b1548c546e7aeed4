import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type Patch, wrapGradient } from "./patch";

const name = "corrected-gradients";

export const correctedGradients: Patch = {
  name,
  changes: "gradients Cumsum and Unpack",
  reason:
    "the gradient of `tf.cumsum` over another axis than the last comes out transposed, silently where the axes are as " +
    "long as each other; that of `tf.unstack` into one tensor dies, and with it `tf.linalg.bandPart`'s",
  writtenFor: "tfjs 4.22",
  install() {
    wrapGradient(name, "Cumsum", (original) => ({
      kernelName: original.kernelName,
      gradFunc: (dy, _, attrs) => {
        const { axis, exclusive, reverse } = attrs as unknown as { axis: number; exclusive: boolean; reverse: boolean };
        return { x: () => tf.cumsum(dy as Tensor, axis, exclusive, !reverse) };
      },
    }));
    wrapGradient(name, "Unpack", (original) => ({
      ...original,
      gradFunc: (dy, saved, attrs) => original.gradFunc([dy].flat(), saved, attrs),
    }));
  },
};
