import { setTimeout } from "node:timers/promises";
import { availableMemory } from "./memory";
import type { StepRunner } from "./measuring-process";
import { RoomKeeper } from "./room-keeper";

export interface InterleaveOptions {
  readonly repeats: number;
  /** The least that a repeat takes, in seconds. */
  readonly seconds: number;
  /** The fewest steps of a repeat. */
  readonly steps: number;
  /** Rest before each repeat, in milliseconds, in which the threads of the one before go to sleep. */
  readonly pause: number;
  /** Which runners compete, so that one that is hopelessly slow need not be repeated; by default none do. */
  readonly rivals?: (runner: StepRunner) => string;
  /** Bytes that may still be taken; null where that is not known. What the system says by default. */
  readonly available?: () => number | null;
  /** Called before each repeat, and for each that will not be run. */
  readonly onRepeat?: (runner: StepRunner) => void;
}

/** Milliseconds per step of each repeat; or why there are none. */
export type Measured = { readonly runs: readonly number[] } | { readonly failure: Error };

/** A gigabyte stays free for the rest of the machine. */
const RESERVE = 2 ** 30;

/**
 * Times several runners in turn, A B C A B C …, one at a time: what the machine does besides falls on all of them alike.
 *
 * Each is started, and first runs a few steps, from which follows how many a repeat needs. Of rivals, one that takes more
 * than twice as long as the best is left at that one run. All are stopped in the end.
 */
export async function interleave(
  runners: readonly StepRunner[],
  options: InterleaveOptions,
): Promise<Map<StepRunner, Measured>> {
  const { repeats, seconds, pause, rivals, onRepeat } = options;
  const keeper = new RoomKeeper(options.available ?? availableMemory, RESERVE);
  const trials = new Map<StepRunner, number>();
  const results = new Map<StepRunner, number[]>();
  const failures = new Map<StepRunner, Error>();

  const time = async (runner: StepRunner, steps: number): Promise<number | null> => {
    onRepeat?.(runner);
    if (failures.has(runner)) return null;
    try {
      // What was started anew runs a step that does not count, as all have.
      if (await keeper.provide(runner)) await runner.run(1);
      await setTimeout(pause);
      const done = await runner.run(steps);
      keeper.note(runner);
      return done.ms / done.steps;
    } catch (error) {
      failures.set(runner, error as Error);
      await keeper.release(runner);
      return null;
    }
  };

  try {
    for (const runner of runners) {
      const ms = await time(runner, options.steps);
      if (ms !== null) trials.set(runner, ms);
    }
    const hopeless = runners.filter((runner) => {
      const others = runners.filter((other) => rivals && rivals(other) === rivals(runner));
      return trials.get(runner)! > 2 * Math.min(...others.map((other) => trials.get(other) ?? Infinity));
    });
    for (const runner of hopeless) {
      results.set(runner, [trials.get(runner)!]);
      await keeper.release(runner);
    }
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const runner of runners) {
        if (hopeless.includes(runner)) {
          onRepeat?.(runner);
          continue;
        }
        const trial = trials.get(runner) ?? Infinity;
        const ms = await time(runner, Math.max(options.steps, Math.ceil((1000 * seconds) / trial)));
        if (ms !== null) results.set(runner, [...(results.get(runner) ?? []), ms]);
      }
    }
  } finally {
    await keeper.releaseAll();
  }
  return new Map(
    runners.map((runner) => {
      const failure = failures.get(runner);
      return [runner, failure ? { failure } : { runs: results.get(runner)! }];
    }),
  );
}
