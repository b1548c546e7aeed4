import { type FunctionRecord, isAsync, recordOfFunction } from "./functions";
import {
  above0,
  atLeast0,
  checkList,
  checkNames,
  checkOptions,
  checkText,
  type Kind,
  oneOf,
  refuse,
  show,
  whole,
} from "../options";
import { cosineRestarts, lengthOf } from "./rates/cosine-restarts";
import { oneCycle } from "./rates/one-cycle";
import { polynomial } from "./rates/polynomial";
import {
  bySteps,
  checkRate,
  halfCosine,
  type LearningRateFunction,
  type LearningRateSchedule,
  type LearningRateSpec,
  type RateStep,
} from "./rates/schedule";

export { cosineRestarts } from "./rates/cosine-restarts";
export { oneCycle } from "./rates/one-cycle";
export { polynomial } from "./rates/polynomial";
export type { LearningRateFunction, LearningRateSchedule, LearningRateSpec, RateStep } from "./rates/schedule";

/** A constant rate, a schedule, how one is written down, or a function of the step. */
export type LearningRate = LearningRateSpec | LearningRateSchedule | LearningRateFunction;

/**
 * The same rate in every epoch.
 *
 * @param rate η, above 0
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
 * Cosine annealing without restarts: `min + (rate − min)·(1 + cos(π·e/epochs))/2` with e counted from 0, constant within an
 * epoch; with `per: "step"` the same with steps for epochs.
 *
 * @param rate the first epoch's rate
 * @param options.min where it would end after the last epoch. Default: 0
 * @param options.per how often the rate changes: with each `"epoch"` or `"step"`. Default: `"epoch"`
 * @throws {RangeError} unless 0 ≤ min ≤ rate
 *
 * @example
 * import * as ga from "gradamp";
 * const schedule = ga.cosine(1e-3, { min: 2e-5 });
 * console.log(schedule.at(1, 100), schedule.at(51, 100));
 */
export function cosine(rate: number, options: { min?: number; per?: "epoch" | "step" } = {}): LearningRateSchedule {
  checkOptions("cosine", options, {
    min: atLeast0,
    per: oneOf("epoch", "step"),
  });
  const { min = 0, per = "epoch" } = options;
  checkRate(rate);
  if (!(min >= 0 && min <= rate)) refuse("min", `to lie in [0, ${rate}]`, min, typeof min === "number");
  if (per === "step")
    return bySteps(
      `cosine(${rate}, min ${min}, per step)`,
      { cosine: rate, min, per },
      ({ step, steps }) => min + (rate - min) * halfCosine((step - 1) / steps),
    );
  return {
    description: `cosine(${rate}, min ${min})`,
    spec: { cosine: rate, min },
    at: (epoch, epochs) => min + ((rate - min) * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2,
  };
}

/**
 * A rate for each range of epochs, given as `[last epoch, rate]` with epochs counted from 1.
 *
 * @param steps `[last epoch, rate]`, epochs counted from 1 and increasing
 * @throws {RangeError} if ends do not increase or a rate is not above 0; also at an epoch after the last end
 *
 * @example
 * import * as ga from "gradamp";
 * const schedule = ga.staged([[100, 0.1], [150, 0.01]]);
 * console.log(schedule.at(100, 150), schedule.at(101, 150)); // 0.1 0.01
 */
export function staged(steps: readonly (readonly [end: number, rate: number])[]): LearningRateSchedule {
  checkList(steps, "a list of [end, rate]");
  if (steps.length === 0) throw new RangeError("Expected at least one [last epoch, rate] but found none");
  steps.forEach((step, index) => {
    checkList(step, "[last epoch, rate]");
    const [end, rate] = step;
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
 * A schedule with a warm-up before it: over so many epochs or steps the rate rises on a line to that with which the
 * schedule begins.
 *
 * A schedule by the step begins after the warm-up and has the steps that are left, as PyTorch's `SequentialLR` of
 * `LinearLR` and another schedule; one by the epoch goes on with the epoch that it is.
 *
 * @param schedule a rate, or what `ga.cosine` and its like return
 * @param options.epochs length of the warm-up; or `steps`
 * @param options.from the first step's rate. Default: 0
 * @throws {TypeError | RangeError} unless a length is given, and the rate is at least 0
 *
 * @example
 * import * as ga from "gradamp";
 * const learningRate = ga.warmUp(ga.cosine(1e-3, { per: "step" }), { steps: 500, from: 1e-6 });
 * console.log(ga.adamw({ learningRate }).learningRate.description);
 * // warmUp(cosine(0.001, min 0, per step), 500 steps, from 0.000001)
 */
export function warmUp(
  schedule: LearningRate,
  options: { epochs?: number; steps?: number; from?: number },
): LearningRateSchedule {
  checkOptions("warmUp", options, { epochs: above0, steps: whole(1), from: atLeast0 });
  const { epochs, steps, from = 0 } = options;
  const inner = toSchedule(schedule);
  const length = lengthOf(epochs, steps);
  const after = (at: RateStep, done: number) =>
    rateOfStep(inner, { ...at, step: at.step - done, steps: Math.max(1, at.steps - done) });
  // A schedule of one's own has no spec; what remains of it is its own function.
  const own = inner.spec ?? { own: recordOfFunction(ownFunction(inner)) };
  return bySteps(
    `warmUp(${inner.description}, ${length.words}, from ${from})`,
    { warmUp: own, ...length.spec, from },
    (at) => {
      const warm = Math.round(length.steps(at.stepsPerEpoch));
      if (at.step > warm) return after(at, warm);
      const first = Math.min(warm, at.steps - 1);
      const epoch = Math.min(at.epochs, Math.floor(first / at.stepsPerEpoch) + 1);
      const goal = after({ ...at, step: warm + 1, epoch }, warm);
      return from + ((goal - from) * (at.step - 1)) / warm;
    },
  );
}

/** The function that a schedule of one's own is. */
const ownFunction = ({ at, atStep }: LearningRateSchedule) => atStep ?? at;

/** The options that a schedule is written down with, by the name of its rate. */
const WRITTEN: Readonly<Record<string, (rate: never, options: never) => LearningRateSchedule>> = {
  cosine,
  cosineRestarts,
  polynomial,
  oneCycle,
};

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
  if (typeof rate === "function") {
    if (isAsync(rate)) refuse(name, "to give a number for a step", Promise.resolve(), false, "leave async out");
    const makers: readonly unknown[] = [constant, cosine, staged, warmUp, ...Object.values(WRITTEN)];
    if (makers.includes(rate)) refuse(name, FORMS, rate, false, `call it: ga.${(rate as { name: string }).name}(…)`);
    return bySteps((rate as { key?: string }).key ?? "a function of the step", null, rate);
  }
  if (typeof rate === "object" && rate !== null && !Array.isArray(rate)) {
    if ("at" in rate && typeof rate.at === "function") {
      if (isAsync(rate.at)) refuse(name, "to give a number for an epoch", Promise.resolve(), false, "leave async out");
      return rate;
    }
    return written(rate as LearningRateSpec & object, name);
  }
  return refuse(name, FORMS, rate, false, (rate as unknown) instanceof Promise ? "await it" : "");
}

/** A schedule from how it is written down. */
function written(spec: LearningRateSpec & object, name: string): LearningRateSchedule {
  if ("own" in spec) throw notRecorded(name, spec.own);
  if ("staged" in spec) {
    checkNames(spec, ["staged"], name);
    if (Array.isArray(spec.staged)) return staged(spec.staged);
  }
  if ("each" in spec) {
    checkNames(spec, ["each"], name);
    if (Array.isArray(spec.each)) return eachEpoch(spec.each);
  }
  // Of oneCycle it is a setting.
  if ("warmUp" in spec && !("oneCycle" in spec)) {
    const { warmUp: inner, ...options } = spec;
    return warmUp(inner, options);
  }
  for (const [kind, make] of Object.entries(WRITTEN)) {
    if (!Object.hasOwn(spec, kind)) continue;
    const { [kind]: rate, ...options } = spec as Record<string, unknown>;
    return make(rate as never, options as never);
  }
  return refuse(name, FORMS, spec, false);
}

/** What is to be said where a run was given a function, of which a record keeps only what it was. */
function notRecorded(name: string, { text }: FunctionRecord): TypeError {
  return new TypeError(
    `Expected ${name} to be known by name but found a function (${text.split("\n")[0]}): call ga.train again with the same ` +
      "arguments and the same save",
  );
}

const FORMS =
  "to be a number above 0, ga.cosine(…), ga.warmUp(…) or another schedule, how one is written ({ cosine, min }, { staged }, …), a function of the step, or { description, at }";

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

/**
 * The rate of a step.
 *
 * @throws {TypeError | RangeError} if a schedule of one's own gives no rate
 */
export function rateOfStep(schedule: LearningRateSchedule, at: RateStep): number {
  if (!schedule.atStep) return rateAt(schedule, at.epoch, at.epochs);
  const rate: unknown = schedule.atStep(at);
  if (typeof rate !== "number" || !Number.isFinite(rate) || rate < 0) {
    const what = `the learning rate of step ${at.step} (${schedule.description})`;
    refuse(what, "to be at least 0", rate, typeof rate === "number", rate instanceof Promise ? "leave async out" : "");
  }
  return rate;
}

/** @throws {TypeError | RangeError} unless what a callback sets is a rate */
export function checkSetRate(rate: number): number {
  const isRate = typeof rate === "number" && Number.isFinite(rate) && rate >= 0;
  if (!isRate) refuse("the learning rate that a callback sets", "to be at least 0", rate, typeof rate === "number");
  return rate;
}

/**
 * The rates of steps of one epoch that follow each other.
 *
 * @param at.first steps of the run before them
 * @param at.stepsPerEpoch null where a stream does not say how long it is
 */
export function ratesOfSteps(
  schedule: LearningRateSchedule,
  at: Pick<RateStep, "epoch" | "epochs"> & { first: number; count: number; stepsPerEpoch: number | null },
): Float64Array {
  const { epoch, epochs, first, count } = at;
  const rates = new Float64Array(count);
  if (!schedule.atStep) return rates.fill(rateAt(schedule, epoch, epochs));
  const stepsPerEpoch = at.stepsPerEpoch ?? Number.NaN;
  const steps = epochs * stepsPerEpoch;
  for (let index = 0; index < count; index++)
    rates[index] = rateOfStep(schedule, { step: first + index + 1, steps, stepsPerEpoch, epoch, epochs });
  return rates;
}

/** A run's description lists the rates of a schedule of one's own one by one. */
const MOST_EPOCHS_OF_OWN = 100_000;
/** Of longer runs with a function of the step only the first steps and the last are asked. */
const MOST_STEPS_ASKED = 1_000_000;

/**
 * Sees to it that a schedule has a rate for every epoch, so that one of the user's own fails now and not in the night.
 *
 * @throws {TypeError | RangeError} if it has none, or is one's own for more than 100,000 epochs
 */
export function checkRates(schedule: LearningRateSchedule, epochs: number, stepsPerEpoch: number | null = 1): void {
  if (schedule.atStep) {
    checkStepRates(schedule, epochs, stepsPerEpoch);
    return;
  }
  // Of ours only the ends can fail, however long the run.
  if (schedule.spec) for (const epoch of [1, epochs]) rateAt(schedule, epoch, epochs);
  else if (epochs > MOST_EPOCHS_OF_OWN)
    throw new RangeError(
      `Expected at most ${MOST_EPOCHS_OF_OWN.toLocaleString("en-US")} epochs with a learning rate schedule of your own but found ${epochs}: use a constant, staged or cosine rate`,
    );
  else for (let epoch = 1; epoch <= epochs; epoch++) rateAt(schedule, epoch, epochs);
}

function checkStepRates(schedule: LearningRateSchedule, epochs: number, known: number | null): void {
  const stepsPerEpoch = known ?? Number.NaN;
  const steps = epochs * stepsPerEpoch;
  if (known === null) {
    const rates = [1, 2].map((step) => schedule.atStep!({ step, steps, stepsPerEpoch, epoch: 1, epochs }));
    if (rates.every(Number.isFinite)) return;
    throw new RangeError(
      `Expected data whose size is known for the learning rate ${schedule.description} but found a stream that does not say ` +
        "it: give its size, or take a rate by the epoch",
    );
  }
  const ask = (step: number) =>
    rateOfStep(schedule, { step, steps, stepsPerEpoch, epoch: Math.ceil(step / stepsPerEpoch), epochs });
  const first = schedule.spec ? 1 : Math.min(steps, MOST_STEPS_ASKED);
  for (let step = 1; step <= first; step++) ask(step);
  ask(steps);
}

/** How a schedule is written down for a run of so many epochs. */
export function specOfSchedule(schedule: LearningRateSchedule, epochs: number): LearningRateSpec {
  if (schedule.atStep && !schedule.spec) return { own: recordOfFunction(schedule.atStep) };
  return schedule.spec ?? { each: Array.from({ length: epochs }, (_, at) => rateAt(schedule, at + 1, epochs)) };
}

const CALL = /^([a-zA-Z]+)\((.*)\)$/s;
const STEP = /^(\S+)\s+to\s+(\S+)$/;
const LENGTH = /^(\S+)\s+(epochs|steps)$/;
const SETTING = /^([a-zA-Z]+)\s+(\S+)$/;

/**
 * A learning rate from the notation of the command line, which is that of descriptions: `0.1`, `cosine(0.001, min 0.00002)`,
 * `staged(0.1 to 100, 0.01 to 150)`, `warmUp(cosine(0.001, per step), 500 steps)`, `oneCycle(0.1)`,
 * `cosineRestarts(0.1, 10 epochs, multiply 2)`, `polynomial(0.1, power 2)`.
 *
 * @param text a schedule's description
 * @throws {TypeError | RangeError} if the text is none of these, or a value makes no sense
 *
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const schedule = ga.cosine(1e-3, { min: 2e-5 });
 * console.log(advanced.parseLearningRate(schedule.description).at(50, 100) === schedule.at(50, 100)); // true
 */
export function parseLearningRate(text: string): LearningRateSchedule {
  checkText(text, "a learning rate's schedule");
  const trimmed = text.trim();
  const [, name, inside] = CALL.exec(trimmed) ?? [];
  if (name === undefined || inside === undefined) {
    if (trimmed === "" || Number.isNaN(Number(trimmed))) throw unknown(text);
    return constant(Number(trimmed));
  }
  const [first = "", ...rest] = partsOf(inside);
  if (name === "staged") {
    return staged(
      [first, ...rest].map((part): [number, number] => {
        const [, value, end] = STEP.exec(part) ?? [];
        if (value === undefined || end === undefined) throw unknown(text);
        return [Number(end), Number(value)];
      }),
    );
  }
  const options = Object.fromEntries(
    rest.map((part): [string, unknown] => {
      const [, length, unit] = LENGTH.exec(part) ?? [];
      if (length !== undefined) return [unit!, numberOrWord(length)];
      const [, setting, value] = SETTING.exec(part) ?? [];
      if (setting === undefined) throw unknown(text);
      return [setting, numberOrWord(value!)];
    }),
  );
  if (name === "warmUp") return warmUp(parseLearningRate(first), options);
  if (!Object.hasOwn(WRITTEN, name)) throw unknown(text);
  if (Number.isNaN(Number(first)) || first === "") throw unknown(text);
  return WRITTEN[name]!(Number(first) as never, options as never);
}

/** What stands between the commas of a call that are not in an inner call. */
function partsOf(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "(") depth++;
    if (letter === ")") depth--;
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim());
}

const numberOrWord = (word: string): number | string => (Number.isNaN(Number(word)) ? word : Number(word));

function unknown(text: string): RangeError {
  return new RangeError(
    "Expected a learning rate like 0.1, cosine(0.001, min 0.00002), staged(0.1 to 100, 0.01 to 150), " +
      "warmUp(cosine(0.001, per step), 500 steps), oneCycle(0.1), cosineRestarts(0.1, 10 epochs) or polynomial(0.1, power 2) " +
      `but found ${show(text)}`,
  );
}

/** A learning rate as an option: what it is written down as, or a schedule of one's own. */
export const learningRate: Kind<LearningRate> = {
  expected: FORMS,
  read(value, name) {
    const schedule = toSchedule(value as LearningRate, name);
    return schedule.spec ?? schedule;
  },
  fromText: (text) => parseLearningRate(text).spec,
};
