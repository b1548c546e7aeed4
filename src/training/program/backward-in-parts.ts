import { type Scalar, type Tensor, tf } from "../../tensorflow";
import { backward } from "./backward";
import type { StepContext, StepResult } from "./step-context";

type Gradients = Omit<StepResult, "gradientNorm"> & { raw: Tensor[] };

/**
 * Forward and backward of a batch, in `accumulate` parts one after the other, of which the device holds one at a time: losses
 * and gradients are the means over all samples, as of the whole batch at once. Batch norm sees each part for itself.
 */
export function backwardInParts(
  context: StepContext,
  inputs: Tensor[],
  targets: Tensor | Tensor[],
  weights: Tensor | null = null,
): Gradients {
  const rows = inputs[0]!.shape[0]!;
  const size = Math.ceil(rows / (context.accumulate ?? 1));
  if (size >= rows) return backward(context, inputs, targets, weights);
  let sum = null as Gradients | null;
  for (let first = 0; first < rows; first += size) {
    const count = Math.min(size, rows - first);
    const part = (tensor: Tensor) => tf.slice(tensor, [first, ...tensor.shape.slice(1).map(() => 0)], [count, ...tensor.shape.slice(1)]); // prettier-ignore
    const own = inputs.map(part);
    const wanted = Array.isArray(targets) ? targets.map(part) : part(targets);
    const before = sum;
    const found = backward(context, before ? own.map(after(before.raw[0]!)) : own, wanted, weights && part(weights));
    const share = count / rows;
    const add = <T extends Tensor>(total: T | null | undefined, value: T): T => {
      const weighed = tf.mul<T>(value, share);
      return total ? tf.add<T>(total, weighed) : weighed;
    };
    sum = {
      loss: add(before?.loss, found.loss),
      penalty: found.penalty && add(before?.penalty, found.penalty),
      correct: before ? tf.add<Scalar>(before.correct, found.correct) : found.correct,
      raw: found.raw.map((gradient, at) => add(before?.raw[at], gradient)),
    };
    // What is kept for whoever reads it.
    if (found.penalty) tf.dispose([found.loss, found.penalty]);
    tf.dispose([found.raw, before ? [before.raw, before.correct, found.correct] : []]);
  }
  return sum!;
}

/** Makes inputs wait for what came before, which a graph would else compute at the same time: 0 is added to them. */
const after =
  (gradient: Tensor) =>
  (input: Tensor): Tensor => {
    if (input.dtype !== "float32") return input;
    const one = tf.reshape(tf.slice(tf.reshape(gradient, [-1]), [0], [1]), []);
    return tf.add(input, tf.minimum(tf.abs(one), 0));
  };
