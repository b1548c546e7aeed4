import { tf, type Tensor, type TensorLike } from "../tensorflow";
import { DeviceColumn } from "./device-column";
import { PixelUploader } from "./pixel-uploader";
import type { Column } from "./types";

/** Samples as a user may bring them: a tensor, nested arrays, or one typed array with the shape of a sample. */
export type Samples =
  | Tensor
  | TensorLike
  | {
      /** All samples, one after the other. A Uint8Array of images is held as 8-bit pixels. */
      readonly values: Float32Array | Int32Array | Uint8Array;
      /** Shape of one sample. */
      readonly sampleShape: readonly number[];
    };

/**
 * A column of samples that a user brought; what they brought stays theirs.
 *
 * @param what names the samples in errors, such as `train.inputs[0]`
 * @throws {TypeError} for what cannot be a tensor
 * @throws {RangeError} for no samples, ragged sizes, and values that are no finite numbers
 */
export function valueColumn(samples: Samples, role: "input" | "target", what: string): Column {
  if (isTyped(samples)) return typedColumn(samples.values, samples.sampleShape, role, what);
  if (Array.isArray(samples)) checkEven(samples, what);
  let tensor: Tensor;
  try {
    tensor = samples instanceof tf.Tensor ? tf.clone(samples) : tf.tensor(samples as TensorLike);
  } catch (error) {
    throw new TypeError(`Expected ${what} to be a tensor or nested arrays of numbers: ${(error as Error).message}`);
  }
  try {
    return own(tensor, role, what);
  } catch (error) {
    tensor.dispose();
    throw error;
  }
}

/**
 * Nested arrays are equally long at each depth. tfjs looks only at the first of each, and TensorFlow finds out at the
 * first use.
 */
function checkEven(samples: readonly unknown[], what: string): void {
  let level: readonly unknown[] = samples;
  while (level.length > 0 && level.every((entry) => Array.isArray(entry) || ArrayBuffer.isView(entry))) {
    const arrays = level as readonly ArrayLike<unknown>[];
    const odd = arrays.findIndex(({ length }) => length !== arrays[0]!.length);
    if (odd >= 0)
      throw new TypeError(
        `Expected ${what} to be a tensor or nested arrays of even lengths but found lengths ${arrays[0]!.length} and ` +
          `${arrays[odd]!.length} beside each other`,
      );
    if (arrays.some((array) => ArrayBuffer.isView(array))) return;
    level = arrays.flatMap((array) => array as readonly unknown[]);
  }
}

function isTyped(samples: Samples): samples is Extract<Samples, { sampleShape: readonly number[] }> {
  return typeof samples === "object" && "values" in samples && "sampleShape" in samples;
}

function typedColumn(
  values: Float32Array | Int32Array | Uint8Array,
  sampleShape: readonly number[],
  role: "input" | "target",
  what: string,
): Column {
  const sampleSize = sampleShape.reduce((product, size) => product * size, 1);
  const size = values.length / sampleSize;
  if (!Number.isInteger(size) || size === 0)
    throw new RangeError(
      `Expected ${what} to hold whole samples of ${sampleSize} numbers ([${sampleShape.join(", ")}]) but found ` +
        `${values.length} numbers`,
    );
  if (values instanceof Uint8Array && role === "input" && sampleShape.length === 3) {
    const uploader = new PixelUploader(sampleShape);
    const chunk = 1000 * sampleSize;
    for (let at = 0; at < values.length; at += chunk) uploader.add(values.subarray(at, at + chunk));
    return uploader.finish();
  }
  const dtype = values instanceof Float32Array ? "float32" : "int32";
  const plain = values instanceof Uint8Array ? new Int32Array(values) : values;
  const tensor = tf.tensor(plain, [size, ...sampleShape], dtype);
  try {
    return own(tensor, role, what);
  } catch (error) {
    tensor.dispose();
    throw error;
  }
}

/** Takes the tensor over, or throws and leaves it to the caller. */
function own(tensor: Tensor, role: "input" | "target", what: string): Column {
  if (tensor.rank === 0 || tensor.shape[0] === 0)
    throw new RangeError(`Expected ${what} to hold samples but found the shape [${tensor.shape.join(", ")}]`);
  if (tensor.dtype !== "float32" && tensor.dtype !== "int32" && tensor.dtype !== "bool")
    throw new TypeError(`Expected ${what} to hold numbers but found ${tensor.dtype}`);
  if (tensor.dtype === "float32") {
    const finite = tf.tidy(() => tf.all(tf.isFinite(tensor)).dataSync()[0]);
    if (!finite) {
      const values = tensor.dataSync();
      const at = values.findIndex((value) => !Number.isFinite(value));
      const sample = Math.floor((at * tensor.shape[0]!) / values.length);
      throw new RangeError(`Expected ${what} to hold finite numbers but found ${values[at]} in sample ${sample}`);
    }
  }
  let held = tensor;
  if (tensor.dtype === "bool") {
    held = tf.cast(tensor, "int32");
    tensor.dispose();
  }
  const storage = held.dtype === "int32" ? "int32" : "float32";
  return new DeviceColumn(held, { storage, pixels: false, role });
}
