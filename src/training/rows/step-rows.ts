import type { StepRow } from "../../rows";
import type { StepSeen } from "../program/step-history";

/** The rows of an epoch's steps: what each showed, and the scalars of one's own that callbacks log at it. */
export class StepRows {
  #rows: StepRow[] = [];

  /** @param every how many steps lie between two rows; null where only what is logged makes rows */
  constructor(
    readonly every: number | null,
    readonly classifies: boolean,
  ) {}

  /** Forgets the epoch before. */
  begin(): void {
    this.#rows = [];
  }

  /**
   * Takes up steps that were done, one after the other.
   *
   * @param before steps of the run before the first of them
   * @param rate the rate of each, counted in them from 0
   */
  add(epoch: number, before: number, seen: readonly StepSeen[], rate: (index: number) => number): void {
    seen.forEach(({ loss, gradientNorm, correct, samples }, index) => {
      const step = before + index + 1;
      if (this.every === null || step % this.every !== 0) return;
      const accuracy = this.classifies ? correct / samples : null;
      this.#rows.push({ epoch, step, loss, accuracy, learningRate: rate(index), gradientNorm });
    });
  }

  /** Puts scalars into the row of a step, the last that was done. */
  log(epoch: number, step: number, scalars: Readonly<Record<string, number>>): void {
    const last = this.#rows.at(-1);
    const none = { epoch, step, loss: null, accuracy: null, learningRate: null, gradientNorm: null };
    if (last?.step === step) Object.assign(last, scalars);
    else this.#rows.push({ ...none, ...scalars });
  }

  /** The epoch's rows in the order of their steps. */
  get rows(): StepRow[] {
    return this.#rows;
  }
}
