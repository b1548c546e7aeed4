import { setImmediate } from "node:timers/promises";
import { type Dataset, evaluationBatch, type Split } from "../datasets";
import { type LayersModel, type Tensor, type Tensor1D, tf } from "../tensorflow";
import { type Loss, lossFunction } from "./loss";

/** How well a model does on a split. */
export interface Evaluation {
  /** Mean over the samples. */
  readonly loss: number;
  /** Fraction of rightly classified samples, from 0 to 1; null where targets are no classes. */
  readonly accuracy: number | null;
}

/**
 * Loss and accuracy of a model on a split, without augmentation; every sample counts once, the last smaller batch too.
 *
 * @param options.batchSize samples at a time; 250 by default
 * @param options.loss as in training; cross-entropy by default
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 100, validation: 50, test: 50 });
 * const model = ga.vgg08({ classes: 10 });
 * console.log(await ga.evaluate(model, data, data.test));
 */
export async function evaluate(
  model: LayersModel,
  dataset: Dataset,
  split: Split | null,
  options: { batchSize?: number; loss?: Loss; shouldStop?: () => boolean } = {},
): Promise<Evaluation> {
  const { batchSize = 250, loss = "crossEntropy", shouldStop = () => false } = options;
  if (!split) throw new TypeError(`Expected a split of data set ${dataset.name} but found none: it has no such split`);
  const lossOf = lossFunction(model, loss);
  let sums = tf.keep(tf.zeros([2])) as Tensor1D;
  let seen = 0;
  let classified = true;
  while (seen < split.size && !shouldStop()) {
    const end = Math.min(split.size, seen + batchSize);
    const next = tf.tidy(() => {
      const { inputs, targets } = evaluationBatch(dataset, split, tf.range(seen, end, 1, "int32"));
      const prediction = model.apply(inputs.length === 1 ? inputs[0]! : inputs, { training: false });
      const value = lossOf(prediction as Tensor | Tensor[], targets);
      classified = value.correct !== null;
      return tf.add(sums, tf.stack([tf.mul(value.loss, end - seen), value.correct ?? tf.scalar(0)])) as Tensor1D;
    });
    sums.dispose();
    sums = next;
    seen = end;
    await setImmediate();
  }
  const [lossSum = 0, correct = 0] = await sums.data();
  sums.dispose();
  return { loss: lossSum / seen, accuracy: classified ? correct / seen : null };
}
