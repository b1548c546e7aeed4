/** A learning rate that may change from epoch to epoch; constant within one. */
export interface LearningRateSchedule {
  /** How the schedule is written down in a run's record. */
  readonly description: string;
  /**
   * The rate of an epoch.
   *
   * @param epoch counted from 1
   * @param epochs how many there are in all
   */
  at(epoch: number, epochs: number): number;
}

/** A constant rate, or a schedule. */
export type LearningRate = number | LearningRateSchedule;

function checkRate(rate: number, what = "learning rate"): void {
  if (!(Number.isFinite(rate) && rate > 0)) throw new RangeError(`Expected ${what} to be above 0 but found ${rate}`);
}

/**
 * The same rate in every epoch.
 *
 * @throws {RangeError} unless the rate is above 0
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.constant(0.1).at(3, 10));  // 0.1
 */
export function constant(rate: number): LearningRateSchedule {
  checkRate(rate);
  return { description: String(rate), at: () => rate };
}

/**
 * Cosine annealing without restarts, constant within an epoch: `min + (rate − min)·(1 + cos(π·e/epochs))/2` with e
 * counted from 0.
 *
 * @param rate the first epoch's rate
 * @param options.min where it would end after the last epoch; 0 by default
 * @throws {RangeError} unless 0 ≤ min ≤ rate
 *
 * @example
 * import * as ga from "gradamp";
 * const schedule = ga.cosine(1e-3, { min: 2e-5 });
 * console.log(schedule.at(1, 100), schedule.at(51, 100));
 */
export function cosine(rate: number, options: { min?: number } = {}): LearningRateSchedule {
  const { min = 0 } = options;
  checkRate(rate);
  if (!(min >= 0 && min <= rate)) throw new RangeError(`Expected min to lie in [0, ${rate}] but found ${min}`);
  return {
    description: `cosine(${rate}, min ${min})`,
    at: (epoch, epochs) => min + ((rate - min) * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2,
  };
}

/**
 * A rate for each stretch of epochs, given as `[last epoch, rate]` with epochs counted from 1.
 *
 * @throws {RangeError} if ends do not increase or a rate is not above 0; also at an epoch after the last end
 *
 * @example
 * import * as ga from "gradamp";
 * const schedule = ga.staged([[100, 0.1], [150, 0.01]]);
 * console.log(schedule.at(100, 150), schedule.at(101, 150));  // 0.1 0.01
 */
export function staged(steps: readonly (readonly [end: number, rate: number])[]): LearningRateSchedule {
  if (steps.length === 0) throw new RangeError("Expected at least one [last epoch, rate] but found none");
  steps.forEach(([end, rate], index) => {
    checkRate(rate, `the rate up to epoch ${end}`);
    const before = steps[index - 1]?.[0] ?? 0;
    if (!Number.isInteger(end) || end <= before) {
      throw new RangeError(`Expected a whole last epoch above ${before} but found ${end}`);
    }
  });
  return {
    description: `staged(${steps.map(([end, rate]) => `${rate} to ${end}`).join(", ")})`,
    at(epoch) {
      const found = steps.find(([end]) => epoch <= end);
      if (!found) throw new RangeError(`Expected an epoch up to ${steps.at(-1)![0]} but found ${epoch}: add a stage`);
      return found[1];
    },
  };
}

/** A plain number as a schedule. */
export function toSchedule(rate: LearningRate): LearningRateSchedule {
  return typeof rate === "number" ? constant(rate) : rate;
}
