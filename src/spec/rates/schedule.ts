import { refuse } from "../../options";
import type { FunctionRecord } from "../functions";

/**
 * A learning rate as it is written down: a constant, or a schedule by what it is called in JavaScript; `each` and `own` are
 * what remains of a schedule of one's own, the rate of each epoch and a function's identity.
 */
export type LearningRateSpec =
  | number
  | { readonly cosine: number; readonly min: number; readonly per?: "step" }
  | { readonly staged: readonly (readonly [end: number, rate: number])[] }
  | {
      readonly cosineRestarts: number;
      readonly epochs?: number;
      readonly steps?: number;
      readonly multiply: number;
      readonly min: number;
    }
  | { readonly polynomial: number; readonly power: number; readonly min: number }
  | {
      readonly oneCycle: number;
      readonly warmUp: number;
      readonly divide: number;
      readonly divideAtEnd: number;
      readonly along: "cosine" | "line";
    }
  | {
      readonly warmUp: LearningRateSpec;
      readonly epochs?: number;
      readonly steps?: number;
      readonly from: number;
    }
  | { readonly each: readonly number[] }
  | { readonly own: FunctionRecord };

/** A step of a training, for which a schedule says the rate. */
export interface RateStep {
  /** Step of the run, counted from 1. */
  readonly step: number;
  /** How many there are in all. */
  readonly steps: number;
  /** How many steps an epoch has. */
  /** How many there are in an epoch. */
  readonly stepsPerEpoch: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** How many epochs the run has. */
  readonly epochs: number;
}

/** A learning rate that may change from epoch to epoch, or with `atStep` from step to step. */
export interface LearningRateSchedule {
  /** How people call it. */
  readonly description: string;
  /** As a run's record has it; left out by schedules of one's own, of which it keeps the rate of each epoch. */
  readonly spec?: LearningRateSpec;
  /**
   * The rate of an epoch; where the rate changes with each step, of its first step in an epoch of one step.
   *
   * @param epoch counted from 1
   * @param epochs how many there are in all
   */
  at(epoch: number, epochs: number): number;
  /** The rate of a step, for schedules that change within an epoch; `at` is not asked then. */
  atStep?(step: RateStep): number;
}

/** A function of the step as a learning rate. */
export type LearningRateFunction = (step: RateStep) => number;

/** @throws {TypeError | RangeError} unless the rate is above 0 */
export function checkRate(rate: number, what = "learning rate"): number {
  if (!(Number.isFinite(rate) && rate > 0)) refuse(what, "to be above 0", rate, typeof rate === "number");
  return rate;
}

/** A schedule by the step. */
export function bySteps(
  description: string,
  spec: LearningRateSpec | null,
  atStep: LearningRateFunction,
): LearningRateSchedule {
  return {
    description,
    ...(spec === null ? {} : { spec }),
    at: (epoch, epochs) => atStep({ step: epoch, steps: epochs, stepsPerEpoch: 1, epoch, epochs }),
    atStep,
  };
}

/** The way down from 1 to 0 along half a cosine, for a share from 0 to 1 of it. */
export const halfCosine = (share: number): number => (1 + Math.cos(Math.PI * share)) / 2;
