import type { EpochRow } from "../rows";
import { checkNames, checkObject, type Kind, refuse } from "../options";
import { earlyStoppingKind, type FilledEarlyStopping } from "./early-stopping";

/** What every callback can do. */
export interface TrainingControl {
  /** Ends training: after this step, or this epoch. The run's status is `"stopped early"`. */
  stop(): void;
  /** Trains with this rate from the next step on, whatever the schedule says; null for the schedule's again. */
  setLearningRate(rate: number | null): void;
  /**
   * Keeps numbers of one's own, `{ temperature: 0.5 }`, in the row that `run.steps` has of this step, or of the epoch's last one.
   *
   * @throws {TypeError | RangeError} unless they are numbers by names of letters and digits that no column has
   */
  log(scalars: Readonly<Record<string, number>>): void;
}

/** A step that was done. */
export interface StepDone extends TrainingControl {
  /** Counted from 1. */
  readonly epoch: number;
  /** Of the run, counted from 1. */
  readonly step: number;
  /** Mean over the samples since the last call in this epoch, before their updates and without penalties. */
  readonly loss: number;
  /** With which the step was done. */
  readonly learningRate: number;
}

/** An epoch that was done, with its evaluation. */
export interface EpochDone extends TrainingControl {
  /** The epoch's row, as `run.epochs` has it. */
  readonly row: Readonly<EpochRow>;
  /** All epochs so far, this one last. */
  readonly epochs: readonly Readonly<EpochRow>[];
}

/** A split that was evaluated. */
export interface EvaluationDone extends TrainingControl {
  /** Counted from 1. */
  readonly epoch: number;
  /** Which of the data set's splits. */
  readonly split: "validation" | "test";
  /** Mean over its samples. */
  readonly loss: number;
  /** Null where targets are no classes. */
  readonly accuracy: number | null;
  /** The metrics that the training was asked for, by what their columns end in: `{ F1: 0.8 }`. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** What is called while training goes on; each may be async, and is awaited before training does. */
export interface Callbacks {
  /** After each step, or each `every`-th of the run. */
  readonly onStep?: (step: StepDone) => unknown;
  /** After each epoch, once it is evaluated. */
  readonly onEpoch?: (epoch: EpochDone) => unknown;
  /** After each evaluation of a split. */
  readonly onEvaluate?: (evaluation: EvaluationDone) => unknown;
  /** How many steps lie between two calls of `onStep`. Default: 1. */
  readonly every?: number;
}

/** Callbacks, or early stopping among them. */
export type CallbacksGiven = Callbacks | FilledEarlyStopping | readonly (Callbacks | FilledEarlyStopping)[];

const NAMES = ["onStep", "onEpoch", "onEvaluate", "every"] as const;

/** Whether what stands among callbacks is early stopping. */
export const isEarlyStopping = (given: object): given is FilledEarlyStopping =>
  Object.hasOwn(given, "patience") || Object.hasOwn(given, "restoreBest");

/** Callbacks as an option: one object, or a list of them. */
export const callbacks: Kind<readonly (Callbacks | FilledEarlyStopping)[]> = {
  expected: "to be { onStep, onEpoch, onEvaluate } of functions, or a list of such",
  read(given, name) {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    return list.map((one, at) => {
      const what = Array.isArray(given) ? `${name}[${at}]` : name;
      if (typeof one === "function")
        refuse(what, this.expected, one, false, `pass { onEpoch: ${one.name || "(epoch) => …"} }`);
      checkObject(one, what);
      if (isEarlyStopping(one)) return earlyStoppingKind.read(one, what);
      checkNames(one, NAMES, what);
      const { every = 1, ...functions } = one as Callbacks;
      if (!(Number.isSafeInteger(every) && every > 0))
        refuse(`${what}.every`, "to be a whole number above 0", every, typeof every === "number");
      for (const [key, value] of Object.entries(functions))
        if (value !== undefined && typeof value !== "function")
          refuse(`${what}.${key}`, "to be a function", value, false);
      if (Object.keys(functions).length === 0)
        throw new TypeError(`Expected ${what} to have onStep, onEpoch or onEvaluate but found none`);
      return { ...functions, every };
    });
  },
};

const OF_STEPS = ["epoch", "step", "loss", "accuracy", "learningRate", "gradientNorm"];

/**
 * Checks what a callback logs.
 *
 * @throws {TypeError} unless it is an object of numbers
 * @throws {RangeError} if a name is none that a column can have, or is a column's already
 */
export function checkScalars(scalars: unknown): Readonly<Record<string, number>> {
  checkObject(scalars, "what is logged");
  for (const [name, value] of Object.entries(scalars)) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name) || OF_STEPS.includes(name))
      refuse("a name that is logged", `to be letters and digits, and none of ${OF_STEPS.join(", ")}`, name, true);
    if (typeof value !== "number")
      refuse(`${name}, which is logged,`, "to be a number", value, false, value instanceof Promise ? "await it" : "");
  }
  return scalars as Readonly<Record<string, number>>;
}
