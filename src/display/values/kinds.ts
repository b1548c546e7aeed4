import type { ColumnTable } from "arquero";
import type { TrainingData } from "../../datasets";
import type { LayersModel, Tensor } from "../../tensorflow";

/** What is used of a danfo DataFrame or Series. */
export interface DanfoFrame {
  columns: string[];
  index: (string | number)[];
  values: unknown[];
  shape: number[];
  dtypes: string[];
}

type Parts = Partial<Record<string, unknown>>;

/** Whether a value is an arquero table, of whichever copy of arquero. */
export function isTable(value: object): value is ColumnTable {
  const { objects, columnNames, numRows } = value as Parts;
  return [objects, columnNames, numRows].every((method) => typeof method === "function");
}

/** Whether a value is a tensor or a variable of tfjs. */
export function isTensor(value: object): value is Tensor {
  const { shape, dtype, dataSync, rankType } = value as Parts;
  return Array.isArray(shape) && typeof dtype === "string" && typeof dataSync === "function" && rankType !== undefined;
}

/** Whether a value is a `tf.LayersModel`. */
export function isModel(value: object): value is LayersModel {
  const { layers, summary, countParams } = value as Parts;
  return Array.isArray(layers) && typeof summary === "function" && typeof countParams === "function";
}

/** Whether a value is a data set, in memory or read from a stream. */
export function isDataset(value: object): value is TrainingData {
  const { train, classes, augmentation, dispose } = value as Parts;
  const inputs = (train as { inputs?: unknown } | null | undefined)?.inputs;
  return Array.isArray(inputs) && classes !== undefined && augmentation !== undefined && typeof dispose === "function";
}

/** Whether a value is a DataFrame or Series of danfo. */
export function isFrame(value: object): value is DanfoFrame {
  const { columns, index, shape, dtypes, values } = value as Parts;
  return [columns, index, shape, dtypes, values].every(Array.isArray) && "print" in value;
}
