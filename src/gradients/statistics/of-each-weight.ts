import type { StatisticName } from "../../spec";
import { type Scalar, type Tensor, type Tensor1D, tf } from "../../tensorflow";
import type { MeasuredNetwork, RowParts, StatisticStep, StepStatistic } from "./statistic";

/** One weight tensor's part of a step. */
export interface ObservedTensor {
  readonly gradient: Tensor;
  readonly clipped: Tensor;
  /** Null unless the statistic wants it. */
  readonly unamplified: Tensor | null;
  readonly weights: Tensor;
  readonly updated: Tensor;
}

/** A statistic of one number, or some, for each weight tensor: columns of the gradient rows. */
export interface WeightStatistic<Column extends string = string> extends StepStatistic<"gradients"> {
  readonly columns: readonly Column[];
}

/**
 * A statistic of weight tensors from what each column is made of; several steps become their mean.
 *
 * @param options.wants `"unamplified"` where a column asks for that
 */
export function ofEachWeight<Column extends string>(
  name: StatisticName,
  measures: Readonly<Record<Column, (tensor: ObservedTensor) => Scalar>>,
  options: Pick<StepStatistic, "wants"> = {},
): WeightStatistic<Column> {
  const columns = Object.keys(measures) as Column[];
  return {
    ...{ name, kind: "gradients", over: "steps", reduce: "mean", columns, ...options },
    size: ({ weights }) => weights.length * columns.length,
    observe: (step) =>
      tf.stack(step.raw.flatMap((_, at) => columns.map((column) => measures[column](tensorOf(step, at))))) as Tensor1D,
    rows: (values, network) => columnsOf(columns, values, network),
  };
}

/** The columns of every weight tensor, columns fastest. */
function columnsOf(
  columns: readonly string[],
  values: Float32Array,
  { weights }: MeasuredNetwork,
): RowParts<"gradients"> {
  return weights.map((_, at) =>
    Object.fromEntries(columns.map((column, offset) => [column, values[at * columns.length + offset]!])),
  );
}

function tensorOf({ raw, clipped, unamplified, weights, updated }: StatisticStep, at: number): ObservedTensor {
  return {
    gradient: raw[at]!,
    clipped: clipped[at]!,
    unamplified: unamplified?.[at] ?? null,
    weights: weights[at]!,
    updated: updated[at]!,
  };
}
