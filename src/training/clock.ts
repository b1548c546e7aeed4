import type { Progress } from "../rows";

/** Keeps the time of a run: per epoch, and how long the rest will take. */
export class Clock {
  readonly #began = performance.now();
  #skipped = 0;
  #epoch = 1;
  #epochBegan = this.#began;
  #trainingEnded = this.#began;

  constructor(readonly epochs: number) {}

  /** Says how many epochs were trained before this clock began. */
  skip(epochs: number): void {
    this.#skipped = epochs;
  }

  startEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#epochBegan = performance.now();
  }

  endTraining(): void {
    this.#trainingEnded = performance.now();
  }

  trainingSeconds(): number {
    return (this.#trainingEnded - this.#epochBegan) / 1000;
  }

  epochSeconds(): number {
    return (performance.now() - this.#epochBegan) / 1000;
  }

  /**
   * The rest is reckoned from the share of all steps that is done.
   *
   * @param size samples of an epoch; null where that is not known yet
   */
  progress(step: number, size: number | null, batchSize: number): Omit<Progress, "trainLoss" | "loss" | "accuracy"> {
    const seconds = (performance.now() - this.#began) / 1000;
    const steps = size === null ? null : Math.ceil(size / batchSize);
    const done = this.#epoch - 1 + (steps === null ? 0 : step / steps);
    return {
      epoch: this.#epoch,
      epochs: this.epochs,
      step,
      steps,
      seconds,
      imagesPerSecond: Math.min(size ?? Infinity, step * batchSize) / this.epochSeconds(),
      etaSeconds: steps === null ? null : (seconds / (done - this.#skipped)) * (this.epochs - done),
    };
  }
}
