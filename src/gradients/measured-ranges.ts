import type { ResolvedMeasure } from "./measure-options";

/** Steps of an epoch that follow each other and are alike in being measured, together, or not. */
export interface MeasuredRange {
  /** Index of the first step in the epoch, from 0. */
  readonly first: number;
  /** Index after the last step. */
  readonly last: number;
  /** Whether these steps are measured; one measurement is made of all of them. */
  readonly measured: boolean;
}

/** Steps of an epoch that lie on the device together. */
export interface EpochPart {
  /** Index of the first step in the epoch, from 0, and after the last one. */
  readonly first: number;
  readonly last: number;
  /** Whether the epoch ends with them, which may not be known before it does. */
  readonly isLast: boolean;
}

/**
 * Cuts a part of an epoch into step ranges by a schedule.
 *
 * @param before steps of the run before this epoch
 */
export function measuredRanges(
  { every, reduce }: Required<Pick<ResolvedMeasure, "every" | "reduce">>,
  before: number,
  { first: begun, last, isLast }: EpochPart,
): MeasuredRange[] {
  if (reduce === "epoch-mean") return [{ first: begun, last, measured: true }];
  const due = (index: number) =>
    every === "epoch"
      ? isLast && index === last - 1
      : typeof every === "number"
        ? (before + index + 1) % every === 0
        : isLogarithmicStep(before + index + 1, every.log);
  const ranges: MeasuredRange[] = [];
  let first = begun;
  for (let index = begun; index < last; index++) {
    if (!due(index)) continue;
    if (first < index) ranges.push({ first, last: index, measured: false });
    ranges.push({ first: index, last: index + 1, measured: true });
    first = index + 1;
  }
  if (first < last) ranges.push({ first, last, measured: false });
  return ranges;
}

/** Whether a step, counted from 1, is one of 1, 10^(1/n), 10^(2/n), …, rounded. */
export function isLogarithmicStep(step: number, perDecade: number): boolean {
  const nearest = Math.round(perDecade * Math.log10(step));
  return [nearest - 1, nearest, nearest + 1].some((k) => k >= 0 && Math.round(10 ** (k / perDecade)) === step);
}
