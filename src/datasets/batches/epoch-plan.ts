import { checkOptions, integer, orNull, required, yesNo } from "../../options";
import { random, type Random } from "./random";
import { type Augmentation, augmentation as augmentationKind } from "../../spec";

/** What {@link epochPlan} may be told. */
export interface EpochPlanOptions {
  /** Which orders and crops are drawn. */
  seed: number;
  /** Each epoch has an order and crops of its own; counted from 1, though any integer will do. */
  epoch: number;
  /** Which crops and mirrorings may occur; null for none. */
  augmentation: Augmentation | null;
  /** False leaves the samples in their order. Default: true. */
  shuffle?: boolean;
}

/**
 * Which sample is seen when in an epoch, and how it is cut.
 *
 * Pure and on the host: 50,000 samples take about 20 ms, and the result is uploaded once an epoch. Every sample occurs
 * exactly once.
 *
 * @param size samples in the training split
 * @param options size, padding, seed and epoch
 * @returns `[size, 4]` as one array: sample, dy, dx, flip. dy and dx lie in 0 … 2·pad and say where the crop begins in
 *   the padded image (pad is the middle, no shift); flip is 0 or 1. Without augmentation dy = dx = flip = 0.
 * @throws {RangeError} if size or pad is no count
 *
 * @example
 * import * as ga from "gradamp";
 * const plan = ga.epochPlan(3, { seed: 7, epoch: 1, augmentation: { pad: 4, flip: true } });
 * console.log(plan.length); // 12
 */
export function epochPlan(size: number, options: EpochPlanOptions): Int32Array {
  checkOptions("epochPlan", options, {
    seed: required(integer),
    epoch: required(integer),
    augmentation: required(orNull(augmentationKind)),
    shuffle: yesNo,
  });
  const { seed, epoch, augmentation, shuffle = true } = options;
  if (!Number.isInteger(size) || size < 0)
    throw new RangeError(`Expected the number of samples to be an integer of at least 0 but found ${size}`);
  const pad = augmentation?.pad ?? 0;
  if (!Number.isInteger(pad) || pad < 0)
    throw new RangeError(`Expected the padding to be an integer of at least 0 pixels but found ${pad}`);

  const stream = random(seed, epoch);
  const order = Int32Array.from({ length: size }, (_, i) => i);
  if (shuffle) stream.shuffle(order);
  return planRows(order, augmentation, stream);
}

/** Rows of a plan: samples in an order, and how each is cut. */
export function planRows(order: Int32Array, augmentation: Augmentation | null, stream: Random): Int32Array {
  const pad = augmentation?.pad ?? 0;
  const plan = new Int32Array(order.length * 4);
  for (let i = 0; i < order.length; i++) {
    plan[4 * i] = order[i]!;
    if (pad > 0) {
      plan[4 * i + 1] = stream.integer(2 * pad + 1);
      plan[4 * i + 2] = stream.integer(2 * pad + 1);
    }
    if (augmentation?.flip) plan[4 * i + 3] = stream.integer(2);
  }
  return plan;
}
