import {
  HISTOGRAM_RANGE,
  type ObservedStep,
  type Statistic,
  STATISTICS,
  type StepStatistic,
  type WeightTensor,
} from "../../src/gradients";
import { tf } from "../../src/tensorflow";

/** The statistics of single numbers, which are columns of the gradient rows. */
export const OF_WEIGHTS = Object.values<Statistic>(STATISTICS).filter(
  (statistic): statistic is StepStatistic<"gradients"> & { columns: readonly string[] } => "columns" in statistic,
);

/** Their columns. */
export const COLUMNS = OF_WEIGHTS.flatMap(({ columns }) => columns);

/** Every column of every weight tensor at one step. */
export function observedColumns(step: ObservedStep): Record<string, number>[] {
  const weights = step.weights.map(({ size }, index) => ({ layer: "", weight: "", index, size }) as WeightTensor);
  const network = { weights, layers: [], range: HISTOGRAM_RANGE };
  const parts = OF_WEIGHTS.map(({ observe, rows }) => {
    const values = tf.tidy(() => observe({ ...step, outputs: null }, network)).dataSync<"float32">();
    return rows(values as Float32Array, network);
  });
  return weights.map((_, at) => Object.assign({}, ...parts.map((rows) => rows[at])) as Record<string, number>);
}
