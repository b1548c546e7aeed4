import { tf, type Tensor, type TensorLike } from "../../tensorflow";
import { DeviceColumn } from "./device-column";
import { flatSamples } from "./flat-samples";
import { PixelUploader } from "./pixel-uploader";
import { describe, isList, positionOf, printPath, readNumbers } from "./read-numbers";

/** Numbers one after the other, of any type that JavaScript has but bigint. */
type FlatNumbers =
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray
  | readonly number[];

/**
 * Samples as a user may bring them: a tensor, nested arrays, a column of an arquero table or a danfo Series or DataFrame,
 * or one flat array with the shape of a sample.
 */
export type Samples =
  | Tensor
  | TensorLike
  | (Iterable<unknown> & { readonly length: number })
  | { readonly values: ArrayLike<unknown>; readonly shape: readonly number[] }
  | {
      /** All samples, one after the other. A Uint8Array of images is held as 8-bit pixels. */
      readonly values: FlatNumbers;
      /** Shape of one sample. */
      readonly sampleShape: readonly number[];
    };

/**
 * A column of samples that a user brought; what they brought stays theirs.
 *
 * @param what names the samples in errors, such as `train.inputs[0]`
 * @throws {TypeError} for what holds no numbers
 * @throws {RangeError} for no samples, and for values that are missing or no finite numbers
 */
export function valueColumn(samples: Samples, role: "input" | "target", what: string): DeviceColumn {
  if (samples instanceof tf.Tensor) return tensorColumn(samples, role, what);
  if (isFlat(samples)) return flatColumn(samples.values, samples.sampleShape, role, what);
  const { values, shape } = readNumbers(listOf(samples, what), what);
  checkSize(shape, what);
  return numbersColumn(values, shape, role);
}

function isFlat(samples: unknown): samples is Extract<Samples, { sampleShape: readonly number[] }> {
  return typeof samples === "object" && samples !== null && "values" in samples && "sampleShape" in samples;
}

/** What holds the samples as arrays. */
function listOf(samples: unknown, what: string): ArrayLike<unknown> {
  if (isList(samples)) return samples;
  if (typeof samples === "object" && samples !== null) {
    const { values, length } = samples as { values?: unknown; length?: unknown };
    // danfo's Series and DataFrame.
    if (isList(values) && "shape" in samples) return values;
    // A column of arquero's or Arrow's.
    if (Symbol.iterator in samples && typeof length === "number") return Array.from(samples as Iterable<unknown>);
    if ("columnNames" in samples)
      throw new TypeError(
        `Expected ${what} to be a tensor or nested arrays of numbers but found a table: pass one of its columns, ` +
          'table.array("name")',
      );
  }
  throw new TypeError(
    `Expected ${what} to be a tensor, nested arrays of numbers or { values, sampleShape } but found ${describe(samples)}`,
  );
}

function flatColumn(
  values: FlatNumbers,
  sampleShape: readonly number[],
  role: "input" | "target",
  what: string,
): DeviceColumn {
  const { values: bytes, size, sampleSize } = flatSamples(values, sampleShape, what);
  if (bytes instanceof Uint8Array && role === "input" && sampleShape.length === 3) {
    const uploader = new PixelUploader(sampleShape);
    const chunk = 1000 * sampleSize;
    for (let at = 0; at < bytes.length; at += chunk) uploader.add(bytes.subarray(at, at + chunk));
    return uploader.finish();
  }
  const shape = [size, ...sampleShape];
  return numbersColumn(readNumbers(bytes, what, shape).values, shape, role);
}

function numbersColumn(
  values: Float32Array | Int32Array,
  shape: readonly number[],
  role: "input" | "target",
): DeviceColumn {
  const storage = values instanceof Int32Array ? "int32" : "float32";
  return new DeviceColumn(tf.tensor(values, [...shape], storage), { storage, role });
}

function tensorColumn(tensor: Tensor, role: "input" | "target", what: string): DeviceColumn {
  if (tensor.isDisposed)
    throw new TypeError(`Expected ${what} to be a tensor that holds samples but found one that was disposed of`);
  if (tensor.dtype !== "float32" && tensor.dtype !== "int32" && tensor.dtype !== "bool")
    throw new TypeError(`Expected ${what} to hold numbers but found ${tensor.dtype}: cast it to float32 or int32`);
  checkSize(tensor.shape, what);
  if (tensor.dtype === "float32" && !tf.tidy(() => tf.all(tf.isFinite(tensor)).dataSync()[0])) {
    const values = tensor.dataSync();
    const at = values.findIndex((value) => !Number.isFinite(value));
    const path = positionOf(at, tensor.shape);
    throw new RangeError(
      `Expected ${what} to hold finite numbers but found ${values[at]} in sample ${path[0]}` +
        `${path.length > 1 ? `, at ${printPath(path)}` : ""}: leave the sample out, or put a number in its place`,
    );
  }
  const held = tensor.dtype === "bool" ? tf.cast(tensor, "int32") : tf.clone(tensor);
  return new DeviceColumn(held, { storage: held.dtype === "int32" ? "int32" : "float32", role });
}

function checkSize(shape: readonly number[], what: string): void {
  if (shape.length === 0 || shape.includes(0))
    throw new RangeError(`Expected ${what} to hold samples but found the shape [${shape.join(", ")}]`);
}
