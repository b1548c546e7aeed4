import { above0, atLeast0, checkOptions, number, refuse, whole } from "../../options";
import { bySteps, checkRate, halfCosine, type LearningRateSchedule } from "./schedule";

const factor = number("to be at least 1", (value) => value >= 1);

/**
 * Cosine annealing with warm restarts, by the step: from the rate down to `min` over a period, then from the rate anew.
 *
 * Source: Loshchilov and Hutter 2017, "SGDR"; as `CosineAnnealingWarmRestarts` of PyTorch, asked in each step.
 *
 * @param rate η at the start of each cycle, above 0
 * @param options.epochs length of the first period; or `steps`
 * @param options.multiply what each period is longer than the one before. Default: 1
 * @param options.min where each period ends. Default: 0
 * @throws {TypeError | RangeError} unless a period is given, and 0 ≤ min ≤ rate
 *
 * @example
 * import * as ga from "gradamp";
 * const optimizer = ga.sgd({ learningRate: ga.cosineRestarts(0.1, { epochs: 10, multiply: 2 }) });
 * console.log(optimizer.learningRate.description); // cosineRestarts(0.1, 10 epochs, multiply 2, min 0)
 */
export function cosineRestarts(
  rate: number,
  options: { epochs?: number; steps?: number; multiply?: number; min?: number },
): LearningRateSchedule {
  checkOptions("cosineRestarts", options, { epochs: above0, steps: whole(1), multiply: factor, min: atLeast0 });
  const { epochs, steps, multiply = 1, min = 0 } = options;
  checkRate(rate);
  if (!(min >= 0 && min <= rate)) refuse("min", `to lie in [0, ${rate}]`, min, typeof min === "number");
  const period = lengthOf(epochs, steps);
  return bySteps(
    `cosineRestarts(${rate}, ${period.words}, multiply ${multiply}, min ${min})`,
    { cosineRestarts: rate, ...period.spec, multiply, min },
    ({ step, stepsPerEpoch }) => {
      let length = period.steps(stepsPerEpoch);
      let done = step - 1;
      if (multiply === 1) done %= length;
      else
        while (done >= length) {
          done -= length;
          length *= multiply;
        }
      return min + (rate - min) * halfCosine(done / length);
    },
  );
}

/** So many epochs or so many steps, of which one is given. */
export function lengthOf(
  epochs: number | undefined,
  steps: number | undefined,
): { words: string; spec: { epochs: number } | { steps: number }; steps(stepsPerEpoch: number): number } {
  if ((epochs === undefined) === (steps === undefined))
    throw new TypeError(`Expected epochs or steps but found ${epochs === undefined ? "neither" : "both"}`);
  if (epochs !== undefined) {
    number("to be above 0", (value) => value > 0).read(epochs, "epochs");
    return { words: `${epochs} epochs`, spec: { epochs }, steps: (perEpoch) => Math.max(1, epochs * perEpoch) };
  }
  whole(1).read(steps, "steps");
  return { words: `${steps} steps`, spec: { steps: steps! }, steps: () => steps! };
}
