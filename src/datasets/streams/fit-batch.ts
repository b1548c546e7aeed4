import type { Known, HostBatch } from "./read-batch";
import { sampleSizeOf } from "../columns/flat-samples";
import type { HostColumn } from "./host-column";
import { listOf } from "../columns/arranged";
import type { Arranged, ColumnKind } from "../types";

/** Brings the batches of a stream to the kinds of its first one. */
export function fitBatch(batch: HostBatch, known: Known, where: string, classes: number | null): HostBatch {
  const kinds = listOf(known);
  const sides = ({ inputs, moreTargets, weights }: Arranged<unknown>) =>
    `${inputs.length} inputs, ${1 + moreTargets.length} targets and ${weights === null ? "no " : ""}weights`;
  if (sides(batch.like) !== sides(known))
    throw new TypeError(
      `Expected ${where} to have ${sides(known)}, as the first batch, but found ${sides(batch.like)}`,
    );
  const { inputs, moreTargets } = known;
  const name = (at: number) => {
    if (at < inputs.length) return inputs.length > 1 ? `input ${at}` : "the inputs";
    if (at > inputs.length + moreTargets.length) return "the weights";
    return moreTargets.length > 0 ? `targets ${at - inputs.length}` : "the targets";
  };
  const columns = batch.columns.map((column, at) =>
    fitColumn(column, kinds[at]!, `${name(at)} in ${where}`, at === inputs.length && known.labels),
  );
  if (known.labels || classes !== null) checkLabels(columns[inputs.length]!.values, classes, where, batch.size);
  if (known.weights) checkWeights(columns.at(-1)!.values, where);
  return { ...batch, columns };
}

function checkWeights(values: ArrayLike<number>, where: string): void {
  for (let at = 0; at < values.length; at++)
    if (values[at]! < 0)
      throw new RangeError(`Expected the weights in ${where} to be at least 0 but found ${values[at]} at number ${at}`);
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

function checkLabels(values: ArrayLike<number>, classes: number | null, where: string, size: number): void {
  for (let at = 0; at < values.length; at++)
    if (!Number.isInteger(values[at]) || values[at]! < 0 || (classes !== null && values[at]! >= classes))
      throw new RangeError(
        `Expected the targets in ${where} to be whole numbers from 0${classes === null ? "" : ` to ${classes - 1}`} but found ` +
          `${values[at]} in sample ${Math.floor((at * size) / values.length)}: number classes from 0, or pass classes: null to ga.stream where they are no labels`,
      );
}
