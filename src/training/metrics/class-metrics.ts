import { type Tensor, type Tensor1D, type Tensor2D, tf } from "../../tensorflow";
import type { OutputMetric } from "./metric";
import { labelsOf, type OutputRows, rowsOf } from "./rows-of";

/** How an output says what holds: one of several classes, or each label for itself. */
export interface Answer {
  readonly kind: "classes" | "labels";
  /** How many classes or labels. */
  readonly size: number;
  /** Whether outputs are logits and no probabilities. */
  readonly isLogits: boolean;
}

/** Share of rows whose class is among the `k` highest outputs; a tie with others counts for the class. */
export function topK(k: number): OutputMetric {
  return {
    size: 2,
    sums(prediction, target, weights) {
      const rows = rowsOf(prediction, weights);
      const own = tf.sum(tf.mul(oneHot(labelsOf(target, rows), rows.scores.shape[1]), rows.scores), 1, true);
      const above = tf.sum(tf.cast(tf.greater(rows.scores, own), "float32"), 1);
      // What is not a number is above nothing, and below nothing.
      const hit = tf.logicalAnd(tf.less(above, k), tf.squeeze(tf.equal(own, own), [1]));
      return shareOf(tf.cast(hit, "float32"), rows);
    },
    value: ([hits, all]) => hits! / all!,
  };
}

/** Share of rows whose highest output is their class; of labels, the share that is said rightly. */
export function accuracy(answer: Answer, threshold: number): OutputMetric {
  return {
    size: 2,
    sums(prediction, target, weights) {
      const rows = rowsOf(prediction, weights);
      if (answer.kind === "classes")
        return shareOf(tf.cast(tf.equal(tf.argMax(rows.scores, 1), labelsOf(target, rows)), "float32"), rows);
      const right = tf.equal(saidOf(rows, answer, threshold), heldOf(target, rows));
      return shareOf(tf.mean(tf.cast(right, "float32"), 1), rows);
    },
    value: ([hits, all]) => hits! / all!,
  };
}

/**
 * Precision, recall and F1 from what was said rightly, what was said and what is, for each class or label.
 *
 * As scikit-learn with `zero_division=0`: a class that was neither said nor there enters no macro mean, a label does, with 0.
 */
export function overClasses(
  what: "precision" | "recall" | "f1",
  answer: Answer,
  { average, threshold }: { average: "macro" | "micro" | "weighted"; threshold: number },
): OutputMetric {
  const { size: classes } = answer;
  const ratio = (right: number, said: number, there: number) => {
    const [above, below] = { precision: [right, said], recall: [right, there], f1: [2 * right, said + there] }[what] as [number, number]; // prettier-ignore
    return below === 0 ? 0 : above / below;
  };
  return {
    size: 3 * classes,
    sums(prediction, target, weights) {
      const rows = rowsOf(prediction, weights);
      const [said, there] =
        answer.kind === "classes"
          ? [oneHot(tf.argMax<Tensor1D>(rows.scores, 1), classes), oneHot(labelsOf(target, rows), classes)]
          : [saidOf(rows, answer, threshold), heldOf(target, rows)];
      const counted = (values: Tensor) => tf.sum<Tensor1D>(tf.mul(values, tf.expandDims(rows.counts, 1)), 0);
      return tf.concat([counted(tf.mul(said, there)), counted(said), counted(there)]);
    },
    value(sums) {
      const each = Array.from({ length: classes }, (_, at) => [sums[at]!, sums[classes + at]!, sums[2 * classes + at]!] as const); // prettier-ignore
      const total = (at: 0 | 1 | 2) => each.reduce((sum, one) => sum + one[at], 0);
      // One label is one question, not a mean over them.
      if (answer.kind === "labels" && classes === 1) return ratio(...each[0]!);
      if (average === "micro") return ratio(total(0), total(1), total(2));
      const counting = answer.kind === "labels" ? each : each.filter(([, said, there]) => said + there > 0);
      const weigh = ([, , there]: readonly [number, number, number]) => (average === "weighted" ? there : 1);
      const weight = counting.reduce((sum, one) => sum + weigh(one), 0);
      return counting.reduce((sum, one) => sum + weigh(one) * ratio(...one), 0) / weight;
    },
  };
}

/** Bins between the smallest and the largest logit that are told apart, ±20; what lies beyond is one with the last. */
const BINS = 2048;
const LARGEST = 20;

/**
 * The area under the ROC curve: how likely a row of the class has a higher score than one that is not of it, ties counting half. Of
 * classes the mean of each against the rest, of labels the mean over them; those of which all rows, or none, are left out.
 *
 * Scores are counted in 2048 bins of their log odds, between −20 and 20, so that a split of any size is gone through once; pairs
 * that fall into one bin count half.
 */
export function auc(answer: Answer): OutputMetric {
  const { size: classes } = answer;
  return {
    // The last one counts outputs that are no numbers.
    size: 2 * BINS * classes + 1,
    sums(prediction, target, weights) {
      const rows = rowsOf(prediction, weights);
      const odds = logOdds(rows.scores, answer);
      const there = answer.kind === "classes" ? oneHot(labelsOf(target, rows), classes) : heldOf(target, rows);
      const place = tf.mul(tf.add(tf.clipByValue(odds, -LARGEST, LARGEST), LARGEST), (BINS - 1) / (2 * LARGEST));
      const bin = tf.cast(tf.floor(place), "int32");
      const first = tf.mul(tf.range(0, classes, 1, "int32"), tf.scalar(2 * BINS, "int32"));
      const at = tf.add(tf.add(bin, first), tf.mul(tf.cast(there, "int32"), tf.scalar(BINS, "int32")));
      const counts = tf.mul(tf.onesLike(odds), tf.expandDims(rows.counts, 1));
      const isNumber = tf.cast(tf.logicalNot(tf.isNaN(odds)), "float32");
      const binned = tf.unsortedSegmentSum<Tensor1D>(
        tf.reshape(tf.mul(counts, isNumber), [-1]) as Tensor1D,
        tf.reshape(tf.where(tf.isNaN(odds), tf.zerosLike(at), tf.cast(at, "int32")), [-1]) as Tensor1D,
        2 * BINS * classes,
      );
      const odd = tf.sum(tf.mul(counts, tf.sub(1, isNumber)));
      return tf.concat([binned, tf.reshape(odd, [1])]) as Tensor1D;
    },
    value(sums) {
      if (sums.at(-1)! > 0) return NaN;
      const areas = Array.from({ length: classes }, (_, at) => areaOf(sums, 2 * BINS * at)).filter((area) => !Number.isNaN(area)); // prettier-ignore
      return areas.reduce((sum, area) => sum + area, 0) / areas.length;
    },
  };
}

/** Of one class; NaN where all rows are of it, or none. */
function areaOf(sums: Float32Array, first: number): number {
  let [below, pairs, held] = [0, 0, 0];
  for (let bin = 0; bin < BINS; bin++) {
    const others = sums[first + bin]!;
    const own = sums[first + BINS + bin]!;
    pairs += own * (below + others / 2);
    below += others;
    held += own;
  }
  return held === 0 || below === 0 ? NaN : pairs / (held * below);
}

/** log p / (1 − p) of each class or label. */
function logOdds(scores: Tensor2D, { kind, isLogits }: Answer): Tensor2D {
  if (kind === "labels" && isLogits) return scores;
  const p = isLogits ? tf.softmax(scores) : scores;
  const smallest = 1e-12;
  return tf.sub(tf.log(tf.maximum(p, smallest)), tf.log(tf.maximum(tf.sub(1, p), smallest)));
}

/** 1 where a label is said to hold. */
function saidOf({ scores }: OutputRows, { isLogits }: Answer, threshold: number): Tensor2D {
  const from = isLogits ? Math.log(threshold / (1 - threshold)) : threshold;
  return tf.cast(tf.greater(scores, from), "float32");
}

/** 1 where a label holds. */
function heldOf(target: Tensor, { scores }: OutputRows): Tensor2D {
  return tf.cast(tf.greater(tf.reshape(target, scores.shape), 0.5), "float32");
}

const oneHot = (labels: Tensor1D, classes: number): Tensor2D => tf.oneHot(labels, classes, 1, 0, "float32") as Tensor2D;

/** `[Σ values of rows that count, how many these are]` */
function shareOf(values: Tensor, { counts }: OutputRows): Tensor1D {
  return tf.stack([tf.sum(tf.mul(values, counts)), tf.sum(counts)]) as Tensor1D;
}
