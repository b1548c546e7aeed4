import { constant, cosine, type LearningRateSchedule, staged } from "./optimizers/learning-rate";

const NUMBER = String.raw`[-+.\deE]+`;
const COSINE = new RegExp(String.raw`^cosine\(\s*(${NUMBER})\s*(?:,\s*min\s+(${NUMBER})\s*)?\)$`);
const STAGED = /^staged\((.+)\)$/;
const STEP = new RegExp(String.raw`^\s*(${NUMBER})\s+to\s+(${NUMBER})\s*$`);

/**
 * A learning rate from its description, as a run's record and the command line have it: `0.1`, `cosine(0.001)`,
 * `cosine(0.001, min 0.00002)`, `staged(0.1 to 100, 0.01 to 150)`.
 *
 * @throws {RangeError} where the text is none of these, or a value makes no sense
 *
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const schedule = ga.cosine(1e-3, { min: 2e-5 });
 * console.log(advanced.parseLearningRate(schedule.description).at(50, 100) === schedule.at(50, 100));  // true
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
    `Expected a learning rate like 0.1, cosine(0.001, min 0.00002) or staged(0.1 to 100, 0.01 to 150) but found ${JSON.stringify(text)}`,
  );
}
