import { inspect } from "node:util";
import { kindOfStream } from "../datasets/streams/open-stream";
import { show } from "../options";
import { refuseDisposed } from "../datasets/columns/column-use";
import type { Split, StreamedSplit, TrainingData } from "../datasets";
import { refuseFreed } from "../models/refuse-freed";
import type { LayersModel } from "../tensorflow";

/** @throws {TypeError} if something else was given as a data set; the message has the remedy */
export function checkDataset(dataset: TrainingData): void {
  const found: unknown = dataset;
  if (found instanceof Promise) throw new TypeError("Expected a data set but found a Promise: await it");
  if (!(found as Partial<TrainingData> | null | undefined)?.train?.inputs)
    throw new TypeError(
      `Expected a data set, as of ga.dataset, but found ${inspect(found, { depth: 0 })}` +
        (kindOfStream(found) ? ": make one of it, await ga.stream({ train: … })" : ""),
    );
}

type Shape = readonly (number | null)[];

const shown = (shape: Shape): string => `[${shape.map((size) => size ?? "any").join(", ")}]`;
const named = (names: readonly string[], shapes: readonly Shape[]): string =>
  shapes.map((shape, at) => `${names[at] ?? `input ${at + 1}`} of shape ${shown(shape)}`).join(", ");

/** Of batches that are no batches, each sample has lost a dimension. */
function unbatched(wanted: readonly Shape[], found: readonly Shape[]): string {
  const isSo = wanted.every(
    (shape, at) => found[at] && String(shape.slice(1)) === String(found[at]) && shape.length > 0,
  );
  return isSo ? ": samples of a stream come in batches, dataset.batch(32)" : "";
}

/**
 * Checks that a data set has, for each of a model's inputs, samples of its shape, and that neither has been freed.
 *
 * @throws {TypeError} if an input is missing, is too many, or has another shape; all are named
 * @throws {Error} if the model or the data set was freed
 */
export function checkSamples(model: LayersModel, dataset: TrainingData): void {
  refuseFreed(model);
  refuseDisposed(dataset);
  const names = model.inputNames;
  const wanted: Shape[] = model.inputs.map((input) => input.shape.slice(1));
  const found: Shape[] = dataset.train.inputs.map((column) => column.sampleShape);
  const fits = (at: number) =>
    wanted[at]!.length === found[at]!.length &&
    wanted[at]!.every((size, axis) => size === null || size === found[at]![axis]);
  const has = `data set ${dataset.name} has`;
  if (found.length < wanted.length) {
    const missing = named(names.slice(found.length), wanted.slice(found.length));
    throw new TypeError(
      `Expected samples for the ${wanted.length} inputs of ${model.name} (${named(names, wanted)}) but ${has} ` +
        `${found.length} (${found.map(shown).join(", ")}): ${missing} is missing; pass all of them in this order, ` +
        "train: { several: [first, second], targets }",
    );
  }
  if (found.length > wanted.length) {
    throw new TypeError(
      `Expected samples for ${wanted.length === 1 ? "the one input" : `the ${wanted.length} inputs`} of ${model.name} ` +
        `(${named(names, wanted)}) but ${has} ${found.length} (${found.map(shown).join(", ")}): leave out what it does not take`,
    );
  }
  const odd = wanted.findIndex((_, at) => !fits(at));
  if (odd < 0) return;
  throw new TypeError(
    `Expected samples of shape ${shown(wanted[odd]!)} for ${model.name}${wanted.length > 1 ? `'s input ${names[odd]}` : ""} but ` +
      `${has} ${shown(found[odd]!)}${unbatched(wanted, found)}`,
  );
}

/** @throws {TypeError} if a split is none of the data set's */
export function checkedSplit<Kind extends Split | StreamedSplit>(dataset: TrainingData, split: Kind | null): Kind {
  if (split === null || split === undefined)
    throw new TypeError(`Expected a split of data set ${dataset.name} but found none: it has no such split`);
  if (!Array.isArray((split as Partial<Kind>).inputs)) {
    const found = show(split);
    throw new TypeError(
      `Expected a split of data set ${dataset.name} but found ${found}: pass data.train, data.validation or data.test`,
    );
  }
  return split;
}
