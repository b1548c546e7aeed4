import type { Known, HostBatch } from "./read-batch";
import { type HostColumn, sampleSizeOf } from "./host-column";
import type { ColumnKind } from "../types";

/** Brings the batches of a stream to the kinds of its first one. */
export function fitBatch(batch: HostBatch, known: Known, where: string, classes: number | null): HostBatch {
  const kinds = [...known.inputs, known.targets];
  if (batch.inputs !== known.inputs.length)
    throw new TypeError(
      `Expected ${where} to have ${known.inputs.length} inputs as the first batch but found ${batch.inputs}`,
    );
  const columns = batch.columns.map((column, at) => {
    const isTarget = at >= known.inputs.length;
    const what = isTarget
      ? `the targets in ${where}`
      : `${known.inputs.length > 1 ? `input ${at}` : "the inputs"} in ${where}`;
    return fitColumn(column, kinds[at]!, what, isTarget && known.labels);
  });
  if (known.labels) checkLabels(columns.at(-1)!.values, classes, where);
  return { ...batch, columns };
}

function fitColumn({ values, sampleShape }: HostColumn, kind: ColumnKind, what: string, labels: boolean): HostColumn {
  if (String(sampleShape) !== String(kind.sampleShape))
    throw new TypeError(
      `Expected samples of shape [${kind.sampleShape.join(", ")}], as in the first batch, in ${what} but found ` +
        `[${sampleShape.join(", ")}]`,
    );
  const { storage } = kind;
  if (storage === "uint8" || values instanceof Uint8Array) {
    if (storage === "uint8" && values instanceof Uint8Array) return { values, sampleShape };
    throw new TypeError(
      `Expected ${storage === "uint8" ? "8-bit pixels (a Uint8Array)" : "numbers"}, as in the first batch, in ${what} but ` +
        `found ${storage === "uint8" ? "other numbers" : "8-bit pixels"}: pixels are divided by 255, other numbers are not`,
    );
  }
  if (storage === "float32")
    return { values: values instanceof Float32Array ? values : Float32Array.from(values), sampleShape };
  if (values instanceof Int32Array) return { values, sampleShape };
  const odd = values.findIndex((value) => !Number.isInteger(value));
  if (odd >= 0)
    throw new TypeError(
      `Expected whole numbers, as in the first batch, in ${what} but found ${values[odd]} in sample ` +
        `${Math.floor(odd / sampleSizeOf(sampleShape))}: ${labels ? "where they are no labels, pass classes: null to ga.stream" : "make all of them float32"}`,
    );
  return { values: Int32Array.from(values), sampleShape };
}

function checkLabels(values: ArrayLike<number>, classes: number | null, where: string): void {
  for (let at = 0; at < values.length; at++)
    if (values[at]! < 0 || (classes !== null && values[at]! >= classes))
      throw new RangeError(
        `Expected the targets in ${where} to be whole numbers from 0${classes === null ? "" : ` to ${classes - 1}`} but found ` +
          `${values[at]} in sample ${at}: number classes from 0, or pass classes: null to ga.stream where they are no labels`,
      );
}
