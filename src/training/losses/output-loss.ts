import type { Tensor } from "../../tensorflow";

/** What a loss that is known by name makes of one output of a model. */
export interface OutputLoss {
  /** As errors name it. */
  readonly what: string;
  /** A loss for each sample, `[batch]`, or for each of its steps or pixels, `[batch, …]`. */
  values(prediction: Tensor, target: Tensor): Tensor;
  /** 1 where a sample, or a step or pixel, is classified rightly, else 0, in the same shape; null where that has no meaning. */
  readonly hits: ((prediction: Tensor, target: Tensor) => Tensor) | null;
}
