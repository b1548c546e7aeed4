import { setTimeout } from "node:timers/promises";
import { type PairedRatio, pairedRatio } from "./paired-ratio";
import type { StepRunner } from "./measuring-process";

/**
 * How fast one runner is beside another: the median over interleaved pairs of (the other's time / its time), so that 1 is
 * as fast and 0.97 three per cent slower.
 *
 * Which of a pair comes first alternates. Two processes that do the same may differ by a per cent for as long as they
 * live, by where their memory lies; so after every five pairs both are started anew, now the one first and now the other.
 */
export async function measurePairs(
  make: () => { subject: StepRunner; other: StepRunner },
  options: { pairs: number; steps: number; pause: number; onPair?(): void },
): Promise<PairedRatio> {
  const times = { subject: [] as number[], other: [] as number[] };
  for (let round = 0; times.subject.length < options.pairs; round++) {
    const both = make();
    try {
      for (const runner of round % 2 === 0 ? [both.subject, both.other] : [both.other, both.subject]) {
        await runner.start();
        await runner.run(options.steps);
      }
      const until = Math.min(options.pairs, times.subject.length + 5);
      for (let pair = times.subject.length; pair < until; pair++) {
        for (const which of pair % 2 === 0 ? (["subject", "other"] as const) : (["other", "subject"] as const)) {
          await setTimeout(options.pause);
          const { ms, steps } = await both[which].run(options.steps);
          times[which].push(ms / steps);
        }
        options.onPair?.();
      }
    } finally {
      await both.subject.stop();
      await both.other.stop();
    }
  }
  return pairedRatio(times.other, times.subject);
}
