import { isAsync } from "./functions";
import { type Kind, refuse, show } from "../options";

/**
 * A learning rate as it is written down: a constant; from one rate to another along a cosine; `[last epoch, rate]` for
 * each range of epochs; or a rate for each epoch, which is what remains of a schedule of one's own.
 */
export type LearningRateSpec =
  | number
  | { readonly cosine: number; readonly min: number }
  | { readonly staged: readonly (readonly [end: number, rate: number])[] }
  | { readonly each: readonly number[] };

/** A learning rate that may change from epoch to epoch; constant within one. */
export interface LearningRateSchedule {
  /** How people call it. */
  readonly description: string;
  /** As a run's record has it; left out by schedules of one's own, of which it keeps the rate of each epoch. */
  readonly spec?: LearningRateSpec;
  /**
   * The rate of an epoch.
   *
   * @param epoch counted from 1
   * @param epochs how many there are in all
   */
  at(epoch: number, epochs: number): number;
}

/** A constant rate, a schedule, or how one is written down. */
export type LearningRate = LearningRateSpec | LearningRateSchedule;

function checkRate(rate: number, what = "learning rate"): number {
  if (!(Number.isFinite(rate) && rate > 0)) refuse(what, "to be above 0", rate, typeof rate === "number");
  return rate;
}

/**
 * The same rate in every epoch.
 *
 * @throws {RangeError} unless the rate is above 0
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.constant(0.1).at(3, 10)); // 0.1
 */
export function constant(rate: number): LearningRateSchedule {
  checkRate(rate);
  return { description: String(rate), spec: rate, at: () => rate };
}

/**
 * Cosine annealing without restarts, constant within an epoch: `min + (rate − min)·(1 + cos(π·e/epochs))/2` with e
 * counted from 0.
 *
 * @param rate the first epoch's rate
 * @param options.min where it would end after the last epoch. Default: 0
 * @throws {RangeError} unless 0 ≤ min ≤ rate
 *
 * @example
 * import * as ga from "gradamp";
 * const schedule = ga.cosine(1e-3, { min: 2e-5 });
 * console.log(schedule.at(1, 100), schedule.at(51, 100));
 */
export function cosine(rate: number, options: { min?: number } = {}): LearningRateSchedule {
  const { min = 0, ...rest } = options;
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined)
    throw new TypeError(`Expected known options in cosine but found ${stranger}: there is min`);
  checkRate(rate);
  if (!(min >= 0 && min <= rate)) refuse("min", `to lie in [0, ${rate}]`, min, typeof min === "number");
  return {
    description: `cosine(${rate}, min ${min})`,
    spec: { cosine: rate, min },
    at: (epoch, epochs) => min + ((rate - min) * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2,
  };
}

/**
 * A rate for each range of epochs, given as `[last epoch, rate]` with epochs counted from 1.
 *
 * @throws {RangeError} if ends do not increase or a rate is not above 0; also at an epoch after the last end
 *
 * @example
 * import * as ga from "gradamp";
 * const schedule = ga.staged([[100, 0.1], [150, 0.01]]);
 * console.log(schedule.at(100, 150), schedule.at(101, 150)); // 0.1 0.01
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
    spec: { staged: steps },
    at(epoch) {
      const found = steps.find(([end]) => epoch <= end);
      if (!found) throw new RangeError(`Expected an epoch up to ${steps.at(-1)![0]} but found ${epoch}: add a stage`);
      return found[1];
    },
  };
}

/** A rate for each epoch. */
function eachEpoch(rates: readonly number[]): LearningRateSchedule {
  rates.forEach((rate, at) => checkRate(rate, `the learning rate of epoch ${at + 1}`));
  return {
    description: `each(${rates.join(", ")})`,
    spec: { each: rates },
    at(epoch) {
      const found = rates[epoch - 1];
      if (found === undefined)
        throw new RangeError(`Expected an epoch up to ${rates.length} but found ${epoch}: add its learning rate`);
      return found;
    },
  };
}

/**
 * A learning rate in whatever form, as a schedule.
 *
 * @throws {TypeError | RangeError} if it is none, or a value makes no sense
 */
export function toSchedule(rate: LearningRate, name = "learning rate"): LearningRateSchedule {
  if (typeof rate === "number") {
    checkRate(rate, name);
    return constant(rate);
  }
  if (typeof rate === "object" && rate !== null && !Array.isArray(rate)) {
    const keys = Object.keys(rate);
    const only = (...names: string[]) => keys.every((key) => names.includes(key));
    if ("at" in rate && typeof rate.at === "function") {
      if (isAsync(rate.at)) refuse(name, "to give a number for an epoch", Promise.resolve(), false, "leave async out");
      return rate;
    }
    if ("cosine" in rate && only("cosine", "min")) return cosine(rate.cosine, { min: rate.min ?? 0 });
    if ("staged" in rate && only("staged") && Array.isArray(rate.staged)) return staged(rate.staged);
    if ("each" in rate && only("each") && Array.isArray(rate.each)) return eachEpoch(rate.each);
  }
  return refuse(name, FORMS, rate, false, (rate as unknown) instanceof Promise ? "await it" : "");
}

const FORMS =
  "to be a number above 0, ga.cosine(…), ga.staged(…), { cosine, min }, { staged } or a schedule { description, at }";

/**
 * The rate of an epoch.
 *
 * @throws {TypeError | RangeError} if a schedule of one's own gives no rate
 */
export function rateAt(schedule: LearningRateSchedule, epoch: number, epochs: number): number {
  const rate: unknown = schedule.at(epoch, epochs);
  if (typeof rate !== "number" || !Number.isFinite(rate) || rate <= 0) {
    const what = `the learning rate of epoch ${epoch} (${schedule.description})`;
    refuse(what, "to be above 0", rate, typeof rate === "number", rate instanceof Promise ? "leave async out" : "");
  }
  return rate;
}

/** A run's description lists the rates of a schedule of one's own one by one. */
const MOST_EPOCHS_OF_OWN = 100_000;

/**
 * Sees to it that a schedule has a rate for every epoch, so that one of the user's own fails now and not in the night.
 *
 * @throws {TypeError | RangeError} if it has none, or is one's own for more than 100,000 epochs
 */
export function checkRates(schedule: LearningRateSchedule, epochs: number): void {
  // Of ours only the ends can fail, however long the run.
  if (schedule.spec) for (const epoch of [1, epochs]) rateAt(schedule, epoch, epochs);
  else if (epochs > MOST_EPOCHS_OF_OWN)
    throw new RangeError(
      `Expected at most ${MOST_EPOCHS_OF_OWN.toLocaleString("en-US")} epochs with a learning rate schedule of your own but found ${epochs}: use a constant, staged or cosine rate`,
    );
  else for (let epoch = 1; epoch <= epochs; epoch++) rateAt(schedule, epoch, epochs);
}

/** How a schedule is written down for a run of so many epochs. */
export function specOfSchedule(schedule: LearningRateSchedule, epochs: number): LearningRateSpec {
  return schedule.spec ?? { each: Array.from({ length: epochs }, (_, at) => rateAt(schedule, at + 1, epochs)) };
}

const NUMBER = String.raw`[-+.\deE]+`;
const COSINE = new RegExp(String.raw`^cosine\(\s*(${NUMBER})\s*(?:,\s*min\s+(${NUMBER})\s*)?\)$`);
const STAGED = /^staged\((.+)\)$/;
const STEP = new RegExp(String.raw`^\s*(${NUMBER})\s+to\s+(${NUMBER})\s*$`);

/**
 * A learning rate from the notation of the command line: `0.1`, `cosine(0.001)`, `cosine(0.001, min 0.00002)`,
 * `staged(0.1 to 100, 0.01 to 150)`.
 *
 * @throws {RangeError} if the text is none of these, or a value makes no sense
 *
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const schedule = ga.cosine(1e-3, { min: 2e-5 });
 * console.log(advanced.parseLearningRate(schedule.description).at(50, 100) === schedule.at(50, 100)); // true
 */
export function parseLearningRate(text: string): LearningRateSchedule {
  const trimmed = text.trim();
  const [, rate, min] = COSINE.exec(trimmed) ?? [];
  if (rate !== undefined) return cosine(Number(rate), min === undefined ? {} : { min: Number(min) });
  const [, list] = STAGED.exec(trimmed) ?? [];
  if (list !== undefined) {
    return staged(
      list.split(",").map((part): [number, number] => {
        const [, value, end] = STEP.exec(part) ?? [];
        if (value === undefined || end === undefined) throw unknown(text);
        return [Number(end), Number(value)];
      }),
    );
  }
  if (trimmed === "" || Number.isNaN(Number(trimmed))) throw unknown(text);
  return constant(Number(trimmed));
}

function unknown(text: string): RangeError {
  return new RangeError(
    `Expected a learning rate like 0.1, cosine(0.001, min 0.00002) or staged(0.1 to 100, 0.01 to 150) but found ${show(text)}`,
  );
}

/** A learning rate as an option: what it is written down as, or a schedule of one's own. */
export const learningRate: Kind<LearningRateSpec | LearningRateSchedule> = {
  expected: FORMS,
  read(value, name) {
    const schedule = toSchedule(value as LearningRate, name);
    return schedule.spec ?? schedule;
  },
  fromText: (text) => parseLearningRate(text).spec,
};
