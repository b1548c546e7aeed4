import { tf, type Tensor } from "../../tensorflow";
import { positionOf, printPath, describe, isList, readNumbers } from "../columns/read-numbers";
import { type Arranged, type ColumnKind } from "../types";
import { flatSamples, sampleSizeOf } from "../columns/flat-samples";
import type { HostColumn } from "./host-column";

/** A batch of a stream on the host. */
export interface HostBatch {
  readonly size: number;
  /** Samples in the order of the columns: inputs, targets, further targets, weights. */
  readonly columns: readonly HostColumn[];
  /** Which of these are what, by their number. */
  readonly like: Arranged<unknown>;
  /** What the inputs are called, where the batch says so. */
  readonly names: readonly string[] | null;
}

/** What is known of a stream's batches from its first one. */
export type Known = Arranged<ColumnKind> & { readonly labels: boolean };

/**
 * Reads a batch as a user's stream gives it, every number looked at.
 *
 * @param owns whether its tensors are freed, as tfjs's `fitDataset` does
 * @param where names the batch in errors: `batch 3 of train`
 * @throws {TypeError} for what is no batch
 * @throws {RangeError} for no samples, for values that are missing or no finite numbers
 */
export async function readBatch(given: unknown, where: string, owns: boolean): Promise<HostBatch> {
  try {
    const { inputs, targets, weights } = sidesOf(given, where);
    const several = severalOf(inputs);
    const sought = severalOf(targets);
    const found: (readonly [unknown, string])[] = [
      ...(several?.map(([name, samples]) => [samples, `input ${name} in ${where}`] as const) ?? [
        [inputs, `the inputs in ${where}`] as const,
      ]),
      ...(sought?.map(([name, samples]) => [samples, `targets ${name} in ${where}`] as const) ?? [
        [targets, `the targets in ${where}`] as const,
      ]),
      ...(weights === undefined ? [] : [[weights, `the weights in ${where}`] as const]),
    ];
    const numberOf = (list: readonly unknown[] | null) => list?.length ?? 1;
    if (numberOf(several) === 0 || numberOf(sought) === 0)
      throw new TypeError(`Expected ${where} to have inputs and targets but found none`);
    const columns: HostColumn[] = [];
    for (const [samples, what] of found) columns.push(await readColumn(samples, what));
    const like = {
      inputs: several ?? [inputs],
      targets: null,
      moreTargets: sought?.slice(1) ?? [],
      weights: weights === undefined ? null : weights,
    };
    const sizes = columns.map(({ values, sampleShape }) => values.length / sampleSizeOf(sampleShape));
    const size = sizes[like.inputs.length]!;
    const odd = sizes.find((other) => other !== size);
    if (odd !== undefined)
      throw new TypeError(`Expected as many inputs as targets in ${where} but found ${odd} and ${size}`);
    const isNamed = several && !isList(inputs);
    return { size, columns, like, names: isNamed ? several.map(([name]) => name) : null };
  } finally {
    if (owns) disposeAll(given);
  }
}

/** Both sides of a batch, in any of the forms in use. */
function sidesOf(given: unknown, where: string): { inputs: unknown; targets: unknown; weights?: unknown } {
  if (given instanceof Promise) throw new TypeError(`Expected ${where} to be a batch but found a Promise: await it`);
  if (Array.isArray(given) && (given.length === 2 || given.length === 3))
    return { inputs: given[0], targets: given[1], ...(given.length === 3 ? { weights: given[2] } : {}) };
  if (typeof given === "object" && given !== null && !Array.isArray(given)) {
    const { xs, ys, inputs = xs, targets = ys, weights, ...others } = given as Record<string, unknown>;
    const [other] = Object.keys(others);
    if (other !== undefined)
      throw new TypeError(
        `Expected ${where} to have inputs, targets (or xs, ys) and weights but found ${JSON.stringify(other)} beside them`,
      );
    if (inputs !== undefined && targets !== undefined) return { inputs, targets, weights };
  }
  throw new TypeError(
    `Expected ${where} to be { inputs, targets }, { xs, ys } or [inputs, targets] but found ${describe(given)}`,
  );
}

/** Several inputs by name; null for one. */
function severalOf(inputs: unknown): (readonly [string, unknown])[] | null {
  if (inputs instanceof tf.Tensor || typeof inputs !== "object" || inputs === null) return null;
  // A list of samples holds numbers or further arrays, a list of inputs what knows its own shape.
  if (Array.isArray(inputs))
    return inputs.length > 0 && inputs.every(knowsShape) ? inputs.map((one, at) => [String(at), one]) : null;
  if (isList(inputs) || knowsShape(inputs) || Symbol.iterator in inputs) return null;
  return Object.entries(inputs);
}

function knowsShape(value: unknown): boolean {
  return (
    value instanceof tf.Tensor ||
    (typeof value === "object" && value !== null && ("sampleShape" in value || "shape" in value))
  );
}

async function readColumn(samples: unknown, what: string): Promise<HostColumn> {
  if (samples instanceof tf.Tensor) return readTensor(samples, what);
  if (typeof samples === "object" && samples !== null && "values" in samples && "sampleShape" in samples)
    return readFlat(samples as { values: unknown; sampleShape: readonly number[] }, what);
  if (typeof samples === "number" || typeof samples === "boolean") checkSize([], what);
  if (!isList(samples))
    throw new TypeError(
      `Expected ${what} to be a tensor, nested arrays of numbers or { values, sampleShape } but found ${describe(samples)}`,
    );
  checkSize([samples.length], what);
  const { values, shape } = readNumbers(samples, what);
  checkSize(shape, what);
  return { values, sampleShape: shape.slice(1) };
}

async function readTensor(tensor: Tensor, what: string): Promise<HostColumn> {
  if (tensor.isDisposed)
    throw new TypeError(
      `Expected ${what} to be a tensor that holds samples but found one that was disposed of: a stream's tensors are freed ` +
        "once they are read, so make new ones for each batch, or yield tensor.clone()",
    );
  if (tensor.dtype !== "float32" && tensor.dtype !== "int32" && tensor.dtype !== "bool")
    throw new TypeError(`Expected ${what} to hold numbers but found ${tensor.dtype}: cast it to float32 or int32`);
  checkSize(tensor.shape, what);
  const values = await tensor.data<"float32" | "int32">();
  checkFinite(values, tensor.shape, what);
  const own = tensor.dtype === "float32" ? values : Int32Array.from(values);
  return { values: own, sampleShape: tensor.shape.slice(1) };
}

function readFlat(
  { values, sampleShape }: { values: unknown; sampleShape: readonly number[] },
  what: string,
): HostColumn {
  const { values: bytes, size } = flatSamples(values, sampleShape, what);
  if (bytes instanceof Uint8Array && sampleShape.length === 3) return { values: bytes, sampleShape };
  return { values: readNumbers(bytes, what, [size, ...sampleShape]).values, sampleShape };
}

function checkFinite(values: ArrayLike<number>, shape: readonly number[], what: string): void {
  if (!(values instanceof Float32Array)) return;
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const path = positionOf(at, shape);
  throw new RangeError(
    `Expected ${what} to hold finite numbers but found ${values[at]} in sample ${path[0]}` +
      `${path.length > 1 ? `, at ${printPath(path)}` : ""}: leave the sample out, or put a number in its place`,
  );
}

function checkSize(shape: readonly number[], what: string): void {
  if (shape.length === 0)
    throw new TypeError(`Expected ${what} to be several samples but found a single number: yield whole batches, dataset.batch(32)`); // prettier-ignore
  if (shape.includes(0))
    throw new RangeError(`Expected ${what} to hold samples but found the shape [${shape.join(", ")}]: leave empty batches out`); // prettier-ignore
}

/** Frees every tensor in what a stream gave. */
function disposeAll(given: unknown): void {
  if (typeof given === "object" && given !== null) tf.dispose(given as never);
}
