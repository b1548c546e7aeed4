import { type Callbacks, checkScalars, type TrainingControl } from "../../spec";
import type { EpochScores, StepRange } from "../program/training-program";

/** Where the steps stand that callbacks are told of. */
interface At {
  readonly epoch: number;
  /** Steps of the run before the epoch. */
  readonly before: number;
  /** The rate of a step of the epoch, from 0. */
  rate(index: number): number;
}

/** A run's callbacks: awaited one after the other, in their order. */
export class TrainingCallbacks {
  constructor(
    readonly list: readonly Callbacks[],
    readonly control: Omit<TrainingControl, "log">,
    /** Keeps what is logged at a step. */
    readonly logged: (epoch: number, step: number, scalars: Readonly<Record<string, number>>) => void,
  ) {}

  /** What callbacks can do at a step. */
  #controlAt(epoch: number, step: number): TrainingControl {
    return { ...this.control, log: (scalars) => this.logged(epoch, step, checkScalars(scalars)) };
  }

  async tell<Name extends "onEpoch" | "onEvaluate">(
    name: Name,
    at: { readonly epoch: number; readonly step: number },
    event: Omit<Parameters<NonNullable<Callbacks[Name]>>[0], keyof TrainingControl>,
  ): Promise<void> {
    const control = this.#controlAt(at.epoch, at.step);
    for (const callbacks of this.list) await callbacks[name]?.({ ...event, ...control } as never);
  }

  /** Step ranges that end where a callback is due, each with what has to be awaited there. */
  cut(ranges: readonly StepRange[], { epoch, before, rate }: At): readonly StepRange[] {
    const ofSteps = this.list.filter(({ onStep }) => onStep);
    if (ofSteps.length === 0) return ranges;
    const due = (index: number) => ofSteps.filter(({ every = 1 }) => (before + index + 1) % every === 0);
    let told = { samples: 0, loss: 0 };
    const call = async (index: number, scores: () => Promise<EpochScores>) => {
      const { samples, loss } = await scores();
      const since = samples - told.samples;
      const step = {
        epoch,
        step: before + index + 1,
        loss: (loss * samples - told.loss * told.samples) / since,
        learningRate: rate(index),
      };
      told = { samples, loss };
      for (const { onStep } of due(index)) await onStep!({ ...step, ...this.#controlAt(epoch, step.step) });
    };
    return ranges.flatMap(({ after, ...range }) => {
      const parts: StepRange[] = [];
      let first = range.first;
      for (let index = range.first; index < range.last; index++) {
        const isLast = index === range.last - 1;
        const isDue = due(index).length > 0;
        if (!isDue && !isLast) continue;
        parts.push({
          ...range,
          first,
          last: index + 1,
          after: async (scores) => {
            if (isLast) await after?.(scores);
            if (isDue) await call(index, scores);
          },
        });
        first = index + 1;
      }
      return parts;
    });
  }
}
