import type { StepRunner } from "../../bench/measure/measuring-process";

/** A runner that takes a known time per step, and writes down what is asked of it. */
export function fakeRunner(
  label: string,
  options: { ms?: number; failAt?: number; held?: number; log?: string[] } = {},
): StepRunner {
  const { ms = 1, failAt = Infinity, held = 0, log = [] } = options;
  let alive = false;
  let runs = 0;
  return {
    label,
    start: async () => {
      alive = true;
      log.push(`start ${label}`);
    },
    run: async (steps) => {
      if (++runs >= failAt) throw new Error(`${label} is broken`);
      log.push(`${label} ${steps}`);
      return { steps, ms: steps * ms };
    },
    memory: () => (alive ? { held, peak: held } : null),
    stop: async () => {
      alive = false;
      log.push(`stop ${label}`);
    },
  };
}
