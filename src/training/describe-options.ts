import { type FunctionRecord, recordOfFunction, specOfSchedule, TRAINING } from "../spec";
import type { ResolvedOptions } from "./resolve-options";

/**
 * A run's options as plain JSON: every value that decides its numbers, and of a function what {@link FunctionRecord} says.
 *
 * A new option of training is in it by itself.
 */
export function describeOptions(options: ResolvedOptions): Record<string, unknown> {
  const { optimizer, stages, epochs } = options;
  const deciding = Object.entries(TRAINING).filter(([, field]) => !("decidesNothing" in field));
  return {
    ...Object.fromEntries(deciding.map(([name]) => [name, plain(options[name as keyof ResolvedOptions])])),
    optimizer: {
      name: optimizer.name,
      ...optimizer.settings,
      // An optimizer of tfjs tells its own rate; where stages set it, the optimizer's is never used.
      ...(optimizer.name.startsWith("tf.train.")
        ? {}
        : {
            learningRate:
              stages && stages.stages[0]!.learningRate !== null ? null : specOfSchedule(optimizer.learningRate, epochs),
          }),
    },
  };
}

/** Functions as their records, at any depth. */
function plain(value: unknown): unknown {
  if (typeof value === "function") return recordOfFunction(value as () => unknown) satisfies FunctionRecord;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
