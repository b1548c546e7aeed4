import { field, type Filled, type Given, number, objectOf, readFields, whole, yesNo } from "../options";
import { scoreColumn } from "./metrics";

/** When training stops before its last epoch. */
export const EARLY_STOPPING = {
  /**
   * The score that has to improve: `"validationLoss"`, `"validationAccuracy"`, `"trainLoss"`, `"trainAccuracy"`, or a metric of the
   * validation split, `"validationF1"`; losses and errors by falling, what else there is by rising. Default: `"validationLoss"`.
   */
  on: field(
    scoreColumn,
    "validationLoss",
    "the score that has to improve: validationLoss, validationAccuracy, trainLoss, trainAccuracy, or a metric as validationF1",
    {
      flag: "--stop-on <score>",
    },
  ),
  /** So many epochs in a row without an improvement end training. Default: 5. */
  patience: field(whole(1), 5, "so many epochs in a row without an improvement end training", {
    flag: "--patience <epochs>",
  }),
  /** What counts as an improvement is more than this. Default: 0. */
  minDelta: field(
    number("to be at least 0", (value) => value >= 0),
    0,
    "an improvement is more than this",
    { flag: "--min-delta <number>" },
  ),
  /** Whether the model ends with the weights of its best epoch, also where all epochs were trained. Default: false. */
  restoreBest: field(yesNo, false, "end with the weights of the best epoch", { flag: "--restore-best" }),
} as const;

/** When training stops before its last epoch. */
export type EarlyStopping = Given<typeof EARLY_STOPPING>;

/** The same, every default filled in. */
export type FilledEarlyStopping = Filled<typeof EARLY_STOPPING>;

/** Early stopping as an option. */
export const earlyStoppingKind = objectOf(EARLY_STOPPING);

/**
 * Stops a training whose score does not improve any more; for `earlyStopping` of `ga.train`, or among its `callbacks`.
 *
 * A run that stops so has the status `"stopped early"`: it is at its end, and does not go on when it is asked for again.
 *
 * @param options the score, the patience, and whether the best weights come back
 * @throws {TypeError | RangeError} if a setting makes no sense
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 40, validation: 20, test: 20 });
 * const earlyStopping = ga.earlyStopping({ on: "validationLoss", patience: 2, restoreBest: true });
 * const run = await ga.train(ga.vgg08({ classes: 10, width: 4 }), data, { epochs: 3, batchSize: 20, earlyStopping });
 * console.log(run.status, run.epochs.length);
 */
export function earlyStopping(options: EarlyStopping = {}): FilledEarlyStopping {
  return readFields(EARLY_STOPPING, options, { name: "earlyStopping" });
}
