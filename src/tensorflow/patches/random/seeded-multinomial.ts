import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../../loaded-tf";
import { attribute, rawOp } from "../../raw-op";
import { type Patch, wrapKernel } from "../patch";

const name = "seeded-multinomial";

export const seededMultinomial: Patch = {
  name,
  changes: "kernel Multinomial",
  reason: "tfjs-node draws other numbers each time from the same seed, and refuses normalized probabilities",
  writtenFor: "tfjs-node 4.22",
  install() {
    wrapKernel(
      name,
      "Multinomial",
      () =>
        ({ inputs, attrs }) =>
          tf.tidy(() => {
            const { numSamples, seed, normalized } = attrs as unknown as {
              numSamples: number;
              seed: number;
              normalized: boolean;
            };
            const logits = inputs["logits"] as Tensor;
            const attributes = {
              T: attribute.type("float32"),
              Tseed: attribute.type("int32"),
              output_dtype: attribute.type("int32"),
            };
            // All bits of the seed, which is a fraction where tfjs chose it.
            const bits = [...new Int32Array(new Float64Array([seed]).buffer)];
            const scores = normalized ? tf.log(logits) : logits;
            const rest = [tf.scalar(numSamples, "int32"), tf.tensor1d(bits, "int32")];
            return rawOp("StatelessMultinomial", attributes, [tf.cast(scores, "float32"), ...rest])[0]!;
          }),
    );
  },
};
