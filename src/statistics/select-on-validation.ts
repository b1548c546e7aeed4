import { aFunction, checkOptions, oneOf, required, share } from "../options";
import { summarise, type SummariseOptions, type Summary } from "./summarise";

/** Options of `ga.statistics.selectOnValidation`. */
export interface SelectionOptions<T> extends SummariseOptions {
  /** What makes runs seeds of the same setting: equal strings or numbers. Default: every run is a setting of its own. */
  by?: (run: T) => string | number;
  /** A run's number on the validation split. */
  validation: (run: T) => number;
  /** A run's number on the test split. It is called for the runs of the chosen setting only, once each. */
  test: (run: T) => number;
  /** Which end is the best. Default: "max", for accuracies. */
  direction?: "min" | "max";
}

/** A setting that was chosen by validation, and what the test split says of it. */
export interface Selection<T> {
  /** The runs of the chosen setting. */
  runs: T[];
  /** How many settings there were to choose from. */
  candidates: number;
  /** Over the chosen setting's runs; it is the best of many and therefore too good. */
  validation: Summary;
  /** Over the same runs; nothing was chosen by it. */
  test: Summary;
}

/**
 * Chooses a setting by its mean on the validation split, and only then looks at the test split, once.
 *
 * Whoever chooses by test accuracy reports the luck of the best draw with it (`bestOfByChance`); chosen this way the test
 * number is what a new test would give. Of settings that are equal the first is taken; those without a validation number
 * that is finite cannot be chosen.
 *
 * @param trials The trials, each with its seed.
 * @param options How to read a trial: see `SelectionOptions`.
 * @throws {RangeError} if there is nothing to choose from, or the chosen setting's test numbers are not finite
 * @example
 * import * as ga from "gradamp";
 *
 * const trials = [
 *   { threshold: 1, seed: 1, validation: 0.901, test: 0.9 },
 *   { threshold: 1, seed: 2, validation: 0.905, test: 0.902 },
 *   { threshold: 2, seed: 1, validation: 0.89, test: 0.93 },
 * ];
 * const { runs, test } = ga.statistics.selectOnValidation(trials, {
 *   by: (trial) => trial.threshold,
 *   validation: (trial) => trial.validation,
 *   test: (trial) => trial.test,
 * });
 * console.log(runs[0]?.threshold, test.mean); // 1, 0.901
 */
export function selectOnValidation<T>(trials: readonly T[], options: SelectionOptions<T>): Selection<T> {
  checkOptions("statistics.selectOnValidation", options, {
    by: aFunction,
    validation: required(aFunction),
    test: required(aFunction),
    direction: oneOf("min", "max"),
    confidence: share,
  });
  const { by, validation, test, direction = "max", ...rest } = options;
  const settings = new Map<string | number, T[]>();
  trials.forEach((trial, i) => {
    const key = by === undefined ? i : by(trial);
    const others = settings.get(key);
    if (others === undefined) settings.set(key, [trial]);
    else others.push(trial);
  });

  let best: { runs: T[]; validation: Summary } | null = null;
  for (const runs of settings.values()) {
    const values = runs.map(validation);
    // A setting of which one seed diverged is not as good as its other seeds.
    if (!values.every(Number.isFinite)) continue;
    const summary = summarise(values, rest);
    const own = summary.mean ?? NaN;
    const other = best?.validation.mean ?? null;
    if (other === null || (direction === "max" ? own > other : own < other)) best = { runs, validation: summary };
  }
  if (best === null) {
    throw new RangeError(
      `Expected trials with finite validation numbers but found ${trials.length === 0 ? "no trial" : "none"}`,
    );
  }
  return {
    runs: best.runs,
    candidates: settings.size,
    validation: best.validation,
    test: summarise(best.runs.map(test), rest),
  };
}
