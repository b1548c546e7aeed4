import { anyNumber, checkArgument, checkParts } from "../options";
import type { HistogramRange } from "../rows";
import { type Tensor, type Tensor1D, tf } from "../tensorflow";
import { HISTOGRAM_RANGE } from "../spec";

/** How many bins a histogram has. */
export const BINS = 40;

/** Powers of two belong into the bin that they begin; their logarithm in float32 may be off by a rounding. */
export const EDGE = 1e-5;

/**
 * A histogram of log₂ |gradient|: `[zeros, non-finite, counts of 40 bins]` as float32.
 *
 * What lies below the range is counted in the first bin, what lies above it in the last.
 *
 * @param gradient a tensor of any shape
 * @param range edges, as log₂ |gradient|
 * @throws {TypeError} if an argument is of another kind
 * @throws {RangeError} if the range is empty
 */
export function gradientHistogram(gradient: Tensor, range: HistogramRange = HISTOGRAM_RANGE): Tensor1D {
  checkArgument(gradient, "a tensor", "shape");
  checkParts(range, "a range, { low, high },", { low: anyNumber, high: anyNumber });
  const { low, high } = range;
  if (!(high > low)) throw new RangeError(`Expected a range's high to be above its low, ${low}, but found ${high}`);
  return tf.tidy(() => {
    const size = gradient.flatten().abs();
    const finite = size.isFinite();
    const zero = size.equal(0);
    const plain = finite.logicalAnd(zero.logicalNot());
    const logarithm = tf.where(plain, size, tf.onesLike(size)).log().mul(Math.LOG2E);
    const position = logarithm.add(EDGE - low).div((high - low) / BINS).floor(); // prettier-ignore
    const bin = position.clipByValue(0, BINS - 1).add(2);
    const slot = tf.where(plain, bin, tf.where(zero, tf.zerosLike(bin), tf.onesLike(bin)));
    const counts = tf.bincount(slot.cast("int32") as Tensor1D, tf.tensor1d([], "float32"), BINS + 2);
    return counts.cast("float32") as Tensor1D;
  });
}
