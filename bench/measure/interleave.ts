import { setTimeout } from "node:timers/promises";
import type { StepRunner } from "./measuring-process";

export interface InterleaveOptions {
  readonly repeats: number;
  /** The least that a repeat takes, in seconds. */
  readonly seconds: number;
  /** The fewest steps of a repeat. */
  readonly steps: number;
  /** Rest before each repeat, in milliseconds, in which the threads of the one before go to sleep. */
  readonly pause: number;
  /** Called after each repeat, and for each that will not be run because its runner died. */
  onRepeat?(label: string): void;
}

/** Milliseconds per step of each repeat; or why there are none. */
export type Measured = { readonly runs: readonly number[] } | { readonly failure: Error };

/**
 * Times several runners in turn, A B C A B C …, one at a time: what the machine does besides falls on all of them alike.
 *
 * They have been started.  Each first runs a few steps, from which follows how many a repeat needs.
 */
export async function interleave(
  runners: readonly StepRunner[],
  options: InterleaveOptions,
): Promise<Map<StepRunner, Measured>> {
  const steps = new Map<StepRunner, number>();
  const runs = new Map<StepRunner, number[]>(runners.map((runner) => [runner, []]));
  const failures = new Map<StepRunner, Error>();
  for (let repeat = -1; repeat < options.repeats; repeat++) {
    for (const runner of runners) {
      if (!failures.has(runner)) {
        try {
          await setTimeout(options.pause);
          const done = await runner.run(steps.get(runner) ?? options.steps);
          const ms = done.ms / done.steps;
          if (repeat < 0) steps.set(runner, Math.max(options.steps, Math.ceil((1000 * options.seconds) / ms)));
          else runs.get(runner)!.push(ms);
        } catch (error) {
          failures.set(runner, error as Error);
        }
      }
      options.onRepeat?.(runner.label);
    }
  }
  return new Map(
    runners.map((runner) => {
      const failure = failures.get(runner);
      return [runner, failure ? { failure } : { runs: runs.get(runner)! }];
    }),
  );
}
