import { prefixed } from "../../models/name-failure";
import type { OwnMetric } from "../../spec";
import { type Tensor, type Tensor1D, tf } from "../../tensorflow";
import { weightedMean } from "../losses/weighted-mean";
import type { Metric } from "./metric";

/** A metric of one's own: the mean over a split's samples of what its function gives. */
export function ownMetric({ as, of }: Required<OwnMetric>): Pick<Metric, "size" | "sums" | "value"> {
  return {
    size: 2,
    sums(prediction, target, weights) {
      const [batch] = [prediction].flat()[0]!.shape as [number];
      const found = called(as, () => of(prediction, target));
      const masked = weights !== null && weights.rank > 1 && weights.size === found.size && found.rank > 1;
      const mean = found.rank === 0 ? found : weightedMean(tf.cast(found, "float32"), masked ? weights : null);
      return tf.stack([tf.mul(tf.cast(mean, "float32"), batch), tf.scalar(batch)]) as Tensor1D;
    },
    value: ([sum, samples]) => sum! / samples!,
  };
}

/** @throws {TypeError} if a metric of one's own returns no tensor */
function called(name: string, metric: () => unknown): Tensor {
  let found: unknown;
  try {
    found = metric();
  } catch (error) {
    throw prefixed(error, `Metric ${name}`);
  }
  if (found instanceof tf.Tensor) return found;
  if (found instanceof Promise) found.catch(() => undefined);
  const what = found instanceof Promise ? "a Promise" : typeof found === "number" ? `the number ${found}` : String(found); // prettier-ignore
  throw new TypeError(
    `Expected metric ${name} to return a tensor but found ${what}: compute it with tensor operations, ` +
      "(prediction, target) => prediction.sub(target).abs().mean(-1)",
  );
}
