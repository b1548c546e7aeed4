import type { MeasuredKind, MeasuredRows } from "../rows";
import { type Tensor1D, tf } from "../tensorflow";
import type { LayerOutputs } from "./layer-outputs";
import type { RowMeasurement } from "./measurement";
import { gradientFlow } from "./statistics/gradient-flow";
import type { MeasuredNetwork, StepStatistic } from "./statistics/statistic";

/** A statistic's numbers among all that are measured. */
interface Part {
  readonly statistic: StepStatistic;
  readonly first: number;
  readonly last: number;
}

/**
 * Measures what single steps show, all statistics one behind the other in one vector: as the mean over the steps seen, or
 * their sum. Gradient flow is always among them, since every gradient row has it.
 *
 * @param outputs what the network's layers put out, where a statistic wants that
 */
export function stepMeasurement(
  statistics: readonly StepStatistic[],
  network: MeasuredNetwork,
  outputs: LayerOutputs | null = null,
): RowMeasurement {
  const asked = [
    ...new Set<StepStatistic>([
      gradientFlow,
      ...statistics.flatMap((statistic) => [statistic, ...(statistic.brings ?? [])]),
    ]),
  ];
  // What several statistics are made of is computed once.
  const parts = new Map<StepStatistic["observe"], Part>();
  let size = 0;
  for (const statistic of asked) {
    if (parts.has(statistic.observe)) continue;
    const first = size;
    size += statistic.size(network);
    parts.set(statistic.observe, { statistic, first, last: size });
  }
  // The last number counts steps.
  const sums = tf.tidy(() => tf.variable(tf.zeros([size + 1]) as Tensor1D, false));
  return {
    variables: [sums],
    wantsUnamplified: asked.some(({ wants }) => wants === "unamplified"),
    ...(outputs ? { begin: () => outputs.begin() } : {}),
    observe(step) {
      tf.tidy(() => {
        const seen = { ...step, outputs: outputs?.take() ?? null };
        const numbers = [...parts.keys()].map((observe) => observe(seen, network));
        sums.assign(tf.add(sums, tf.concat([...numbers, tf.ones([1]) as Tensor1D])));
      });
    },
    reset() {
      tf.tidy(() => sums.assign(tf.zeros([size + 1])));
    },
    async read() {
      const values = (await sums.data<"float32">()).slice();
      const steps = values[size]!;
      for (const { statistic, first, last } of parts.values())
        if (statistic.reduce === "mean") for (let at = first; at < last; at++) values[at]! /= steps;
      return values.subarray(0, size);
    },
    rows(values, at) {
      const rows: Partial<Record<MeasuredKind, object[]>> = {};
      for (const statistic of asked) {
        const { first, last } = parts.get(statistic.observe)!;
        const own = (rows[statistic.kind] ??= []);
        statistic.rows(values.subarray(first, last), network).forEach((part, index) => {
          own[index] = { ...(own[index] ?? at), ...part };
        });
      }
      return rows as Partial<MeasuredRows>;
    },
    dispose: () => sums.dispose(),
  };
}
