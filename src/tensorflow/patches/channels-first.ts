import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type Patch, wrapKernel } from "./patch";

const name = "channels-first";

interface Backend {
  applyActivation(input: Tensor, activation?: string, preluWeights?: Tensor, leakyReluAlpha?: number): Tensor;
}

export const channelsFirst: Patch = {
  name,
  changes: "kernel FusedConv2D, of channels first",
  reason: "tfjs-node refuses it, whose plain convolutions take it: the convolution is followed by bias and activation",
  writtenFor: "tfjs-node 4.22",
  install() {
    wrapKernel(name, "FusedConv2D", (original) => (args) => {
      const attributes = args.attrs as unknown as { dataFormat: string; activation?: string; leakyreluAlpha?: number };
      if (attributes.dataFormat !== "NCHW") return original(args);
      const { x, filter, bias, preluActivationWeights } = args.inputs as Record<string, Tensor>;
      return tf.tidy(() => {
        const convolve = tf.getKernel("Conv2D", "tensorflow").kernelFunc;
        const convolved = convolve({ ...args, inputs: { x: x!, filter: filter! } }) as Tensor;
        const sum = bias ? tf.add(convolved, alongChannels(bias)) : convolved;
        const weights = preluActivationWeights && alongChannels(preluActivationWeights);
        const backend = args.backend as Backend;
        return backend.applyActivation(sum, attributes.activation, weights, attributes.leakyreluAlpha);
      });
    });
  },
};

const alongChannels = (values: Tensor): Tensor => (values.rank === 1 ? values.reshape([-1, 1, 1]) : values);
