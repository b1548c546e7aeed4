import { anyNumber, atLeast0, checkParts, orNull, value } from "../options";

/** An end may be infinite, which says as little as none. */
const end = orNull(value<number>("to be a number", (found) => typeof found === "number" && !Number.isNaN(found)));
const ENDS = { low: end, high: end };

/** What became of something that a paper says. */
export const VERDICTS = ["reproduced", "refuted", "inconclusive", "not run"] as const;
/** What a comparison with a published number came to; `VERDICT_RULES` says when each is given. */
export type Verdict = (typeof VERDICTS)[number];

/** The rule behind each kind of verdict, in a line, to stand where the table is. */
export const VERDICT_RULES = {
  number:
    "A number is reproduced where our whole 95 % interval over seeds lies inside the published value ± its own spread ± the tolerance, refuted where it lies wholly outside, and inconclusive otherwise; one run has no interval.",
  difference:
    "A gain or an order is reproduced where the whole interval of the paired difference over fresh seeds lies on the published side of 0, refuted where it lies on the other, and inconclusive where it holds both signs; intervals are Holm-corrected for all that is asked at once.",
  bestOf:
    "The best of several runs is not judged against a mean: such a row says so, and only the setting that was chosen, run again with fresh seeds, is judged.",
} as const;

/** An interval for a mean; null ends where there are too few values for one. */
export interface Interval {
  /** Its lower end; null where there is no interval, as with one seed. */
  readonly low: number | null;
  /** Its upper end; null where there is no interval. */
  readonly high: number | null;
}

/**
 * Whether a number of ours is the published one: "reproduced" where our whole interval lies inside
 * published ± spread ± tolerance, "refuted" where it lies wholly outside, else "inconclusive".
 *
 * One run has no interval and is inconclusive; the wider the interval, the less it can be either.
 *
 * @param interval of our mean over seeds, at 95 %
 * @param published its value; `allowed` is its own spread, the tolerance and the rounding of the print together
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 *
 * const { low, high } = ga.statistics.summarise([0.911, 0.912, 0.9105]);
 * console.log(ga.statistics.judgeNumber({ low, high }, { value: 0.9108, allowed: 0.01 })); // "reproduced"
 */
export function judgeNumber(
  interval: Interval,
  published: { value: number; allowed: number },
): Exclude<Verdict, "not run"> {
  checkParts(interval, "an interval, { low, high },", ENDS);
  checkParts(published, "what was published, { value, allowed },", { value: anyNumber, allowed: atLeast0 });
  const { low, high } = interval;
  const { value: expected, allowed } = published;
  if (low === null || high === null || !(Number.isFinite(low) && Number.isFinite(high))) return "inconclusive";
  if (high < expected - allowed || low > expected + allowed) return "refuted";
  return low >= expected - allowed && high <= expected + allowed ? "reproduced" : "inconclusive";
}

/**
 * Whether a difference of ours has the published sign: "reproduced" where its whole interval lies on the published side of
 * 0, "refuted" where it lies on the other, "inconclusive" where it holds both signs or there is no interval.
 *
 * @param interval of the paired difference, at the confidence that `holm` leaves it
 * @param published the published difference, of which the sign counts; one of 0 is inconclusive
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.statistics.judgeDifference({ low: 0.001, high: 0.03 }, 0.0227)); // "reproduced"
 * console.log(ga.statistics.judgeDifference({ low: -0.01, high: 0.03 }, 0.0227)); // "inconclusive"
 */
export function judgeDifference(interval: Interval, published: number): Exclude<Verdict, "not run"> {
  checkParts(interval, "an interval, { low, high },", ENDS);
  anyNumber.read(published, "the published number");
  const { low, high } = interval;
  const sign = Math.sign(published);
  if (low === null || high === null || !(Number.isFinite(low) && Number.isFinite(high))) return "inconclusive";
  if (sign === 0 || (low <= 0 && high >= 0)) return "inconclusive";
  return Math.sign(low) === sign ? "reproduced" : "refuted";
}
