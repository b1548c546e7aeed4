import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type Gradient, type Patch, wrapGradient } from "./patch";

const name = "corrected-gradients";

export const correctedGradients: Patch = {
  name,
  changes: "gradients Cumsum, Unpack and FusedBatchNorm",
  reason:
    "the gradient of `tf.cumsum` over another axis than the last comes out transposed, silently where the axes are as " +
    "long as each other; that of `tf.unstack` into one tensor dies, and with it `tf.linalg.bandPart`'s; that of a batch norm " +
    "of another axis than the last dies where scale or offset are trained",
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
    wrapGradient(name, "FusedBatchNorm", (original) => ({
      ...original,
      gradFunc: (dy, saved, attrs) => {
        const [x, mean] = saved as [Tensor, Tensor];
        const isBroadcast = mean.rank > 1 && mean.size < x.size;
        return isBroadcast ? broadcastBatchNorm(dy as Tensor, saved, attrs) : original.gradFunc(dy, saved, attrs);
      },
    }));
  },
};

/** The gradients of scale (x − mean) / √(variance + ε) + offset, whose statistics have x's rank and sizes of 1. */
const broadcastBatchNorm: Gradient["gradFunc"] = (dy, saved, attrs) => {
  const [x, mean, variance, scale] = saved as [Tensor, Tensor, Tensor, Tensor];
  const { varianceEpsilon } = attrs as unknown as { varianceEpsilon: number };
  const axes = mean.shape.flatMap((size, axis) => (size === x.shape[axis] ? [] : [axis]));
  const total = (terms: Tensor) => tf.sum(terms, axes, true);
  const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
  const normalised = () => tf.mul(tf.sub(x, mean), inverse);
  const scaled = tf.mul(dy as Tensor, tf.mul(scale, inverse));
  return {
    x: () => scaled,
    mean: () => tf.neg(total(scaled)),
    variance: () => tf.mul(total(tf.mul(scaled, normalised())), tf.mul(inverse, -0.5)),
    scale: () => total(tf.mul(dy as Tensor, normalised())),
    offset: () => total(dy as Tensor),
  };
};
