import { STATISTICS, type StatisticName } from "./statistics";

/** What is measured during training, and how a value for an epoch is made of its steps. */
export interface MeasureOptions {
  /** `["gradientFlow"]` by default. */
  statistics?: readonly StatisticName[];
  /** When: every epoch (the default). */
  every?: "epoch";
  /**
   * `"last"` (default) takes the last minibatch of the epoch, as the figures of the VGG08/VGG38 study do;
   * `"epoch-mean"` the mean over all its minibatches.
   */
  reduce?: "last" | "epoch-mean";
}

/** @throws {RangeError} if a value is unknown */
export function resolveMeasure(options: MeasureOptions | null): Required<MeasureOptions> | null {
  if (options === null) return null;
  const { statistics = ["gradientFlow"], every = "epoch", reduce = "last" } = options;
  for (const name of statistics) {
    if (!Object.hasOwn(STATISTICS, name)) {
      throw new RangeError(
        `Expected a statistic to be one of ${Object.keys(STATISTICS).join(", ")} but found "${name}"`,
      );
    }
  }
  if (every !== "epoch")
    throw new RangeError(`Expected measure.every to be "epoch" but found ${JSON.stringify(every)}`);
  if (reduce !== "last" && reduce !== "epoch-mean") {
    throw new RangeError(`Expected measure.reduce to be "last" or "epoch-mean" but found ${JSON.stringify(reduce)}`);
  }
  return { statistics, every, reduce };
}
