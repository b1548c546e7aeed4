import { tf } from "../tensorflow";
import type { RowMeasurement } from "./measurement";
import type { EpochStatistic, MeasuredNetwork } from "./statistics/statistic";
import { type MeasuredKind, type MeasuredRows } from "../rows";

/**
 * Measures what all steps of an epoch together show: keeps what the statistic wants on the device and reduces it there; one
 * small vector is read.
 */
export function epochMeasurement<Kind extends MeasuredKind>(
  statistic: EpochStatistic<Kind>,
  network: MeasuredNetwork,
): RowMeasurement {
  const kept = network.weights.map(({ variable }) =>
    statistic.keeps.map((size) => tf.tidy(() => tf.variable(tf.zeros(size === "number" ? [] : variable.shape), false))),
  );
  const variables = kept.flat();
  return {
    variables,
    observe({ raw }) {
      tf.tidy(() =>
        raw.forEach((gradient, at) =>
          statistic.next(kept[at]!, gradient).forEach((value, which) => kept[at]![which]!.assign(value)),
        ),
      );
    },
    reset() {
      tf.tidy(() => {
        for (const variable of variables) variable.assign(tf.zeros(variable.shape));
      });
    },
    async read() {
      const numbers = tf.tidy(() => statistic.observe(kept, network));
      const values = await numbers.data<"float32">();
      numbers.dispose();
      return values;
    },
    rows: (values, at) =>
      ({
        [statistic.kind]: statistic.rows(values, network).map((row) => ({ ...at, ...row })),
      }) as Partial<MeasuredRows>,
    dispose() {
      tf.dispose(variables);
    },
  };
}
