import type { ResolvedOptions } from "./resolve-options";

/** A run's options as plain JSON: every value that decides its numbers. */
export function describeOptions(options: ResolvedOptions): Record<string, unknown> {
  const { optimizer, loss, stages, amplify } = options;
  const name = (group: unknown) => (typeof group === "function" ? String(group) : group);
  return {
    epochs: options.epochs,
    batchSize: options.batchSize,
    optimizer: {
      name: optimizer.name,
      ...optimizer.settings,
      // The optimizer's own is never used then.
      ...(stages ? { learningRate: "stages" } : {}),
    },
    loss: typeof loss === "function" ? String(loss) : loss,
    stages: stages && { ...stages, group: name(stages.group) },
    amplify: amplify && { ...amplify, group: name(amplify.group) },
    measure: options.measure,
    clipNorm: options.clipNorm,
    engine: options.engine,
    precision: options.precision,
    validate: options.validate,
    test: options.test,
    onNonFinite: options.onNonFinite,
    seed: options.seed,
  };
}
