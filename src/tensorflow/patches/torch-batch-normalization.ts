import type { layers } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { StockBatchNormalization, trainStep } from "./fused-batch-normalization";
import { type Patch, wrapMethod } from "./patch";

type Layer = layers.Layer;

const name = "torch-batch-normalization";

/** Saved beside tfjs's own options, which ignores what it does not know. */
const MARK = "unbiasedVariance";

/** tfjs's layer with the running variance of PyTorch, under tfjs's class name: stock tfjs loads what is saved. */
export class TorchBatchNormalization extends StockBatchNormalization {
  static readonly className = "BatchNormalization";

  override call(...[inputs, kwargs]: Parameters<Layer["call"]>): ReturnType<Layer["call"]> {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return kwargs["training"] ? trainStep(this, x, true) : super.call(inputs, kwargs);
  }

  override getConfig(): ReturnType<Layer["getConfig"]> {
    return { ...super.getConfig(), [MARK]: true };
  }
}

export const torchBatchNormalization: Patch = {
  name,
  changes: "how tfjs builds a saved `BatchNormalization` again",
  reason: "a layer of `ga.batchNormalization` comes back with PyTorch's running variance where gradamp is there",
  writtenFor: "tfjs 4.22",
  install() {
    // tfjs keeps [class, fromConfig] for each name and builds with the second.
    const entry = tf.serialization.SerializationMap.getMap().classNameMap["BatchNormalization"]!;
    wrapMethod(
      name,
      entry as unknown as Record<"1", (typeof entry)[1]>,
      "1",
      (fromConfig) =>
        function (this: unknown, cls, config, ...rest) {
          const marked = config[MARK] === true;
          const built = marked ? (TorchBatchNormalization as unknown as typeof cls) : cls;
          return fromConfig.call(this, built, config, ...rest);
        },
    );
  },
};
