import { withoutAmplification } from "../../amplification";
import { type Tensor, tf, type Variable, withRepeatedDraws } from "../../tensorflow";
import { backwardInParts } from "./backward-in-parts";
import type { StepContext } from "./step-context";

/**
 * The gradients of a batch as they would be without amplification: one more pass forward and backward, on the same
 * weights and with the same random draws, that leaves batch norm's running statistics as they were.
 */
export function unamplifiedGradients(
  context: StepContext,
  inputs: Tensor[],
  targets: Tensor | Tensor[],
  weights: Tensor | null,
): Tensor[] {
  const statistics = context.model.nonTrainableWeights.map((weight) => weight.read() as Variable);
  const before = statistics.map((variable) => variable.clone());
  const { raw, loss, penalty, correct } = withRepeatedDraws(() =>
    withoutAmplification(() => backwardInParts(context, inputs, targets, weights)),
  );
  statistics.forEach((variable, at) => variable.assign(before[at] as never));
  tf.dispose([before, loss, penalty ?? [], correct]);
  return raw;
}
