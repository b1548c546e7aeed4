import { readSplit } from "../datasets/streams/read-split";
import { deriveSeed } from "../layers";
import { classesOf } from "./classes-of";
import type { Clock } from "./clock";
import type { EpochJob } from "./program/training-program";
import type { Training } from "./training";

/** An epoch as it is handed to a program: its samples in their order, and what is told and asked on the way. */
export function epochJob(
  training: Training,
  clock: Clock,
  at: Pick<EpochJob, "learningRates" | "optimizerSteps" | "steps" | "stepRanges" | "onSteps"> & {
    readonly epoch: number;
    /** Whether a callback has ended training. */
    isEnded(): boolean;
  },
): EpochJob {
  const { run, dataset, options } = training;
  const { epoch, isEnded, ...rest } = at;
  const { batchSize } = options;
  const classes = classesOf(training);
  const seed = deriveSeed(options.seed, "data");
  let isFinite = true;
  return {
    ...rest,
    read: () =>
      readSplit(dataset.train, { batchSize, classes, epoch: { seed, epoch, augmentation: dataset.augmentation } }),
    onStep(done, scores) {
      const { loss, penalty, correct, samples } = scores();
      isFinite &&= Number.isFinite(loss + penalty);
      run.emit("progress", {
        ...clock.progress(done, dataset.train.size, batchSize),
        loss,
        accuracy: options.classifies ? correct / samples : null,
        trainLoss: run.epochs.at(-1)?.trainLoss ?? null,
      });
    },
    // What comes after a loss that is not finite is worth nothing.
    shouldStop: () => isStopped(training) || isEnded() || (!isFinite && options.onNonFinite === "stop"),
  };
}

/** Whether training was asked to end. */
export function isStopped({ run, signal }: Pick<Training, "run" | "signal">): boolean {
  return run.stopRequested || (signal?.aborted ?? false);
}
