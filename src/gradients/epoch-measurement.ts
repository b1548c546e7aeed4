import { tf } from "../tensorflow";
import type { RowMeasurement } from "./measurement";
import type { EpochStatistic, MeasuredNetwork } from "./statistics/statistic";
import { type MeasuredKind, type MeasuredRows } from "../rows";

/**
 * Measures what all steps of an epoch together show: sums up on the device, number by number, and reduces the sums there;
 * one small vector is read.
 */
export function epochMeasurement<Kind extends MeasuredKind>(
  statistic: EpochStatistic<Kind>,
  network: MeasuredNetwork,
): RowMeasurement {
  const kept = network.weights.map(({ variable }) =>
    statistic.sums.map(() => tf.tidy(() => tf.variable(tf.zeros(variable.shape), false))),
  );
  const variables = kept.flat();
  return {
    variables,
    observe({ raw }) {
      tf.tidy(() =>
        raw.forEach((gradient, at) =>
          statistic.sums.forEach((part, which) => {
            const sum = kept[at]![which]!;
            sum.assign(tf.add(sum, part(gradient)));
          }),
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
