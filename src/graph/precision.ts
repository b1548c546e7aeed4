import { graphBinding, nativeBackend } from "../tensorflow";

/**
 * What convolutions and matrix products compute in.
 *
 * - `"float32"`: float32 throughout.
 * - `"tf32"`: as float32, but a GPU may shorten the factors of products to 19 bits; GPUs only.
 * - `"bfloat16"`: variables, their updates, batch statistics and whatever is measured stay float32; activations stay
 *   bfloat16 from one convolution to the next.
 */
export type Precision = "float32" | "tf32" | "bfloat16";

const PRECISIONS: readonly Precision[] = ["float32", "tf32", "bfloat16"];

/** @throws {RangeError} where a precision is unknown, or cannot be had on this machine */
export function checkPrecision(precision: Precision): Precision {
  if (!PRECISIONS.includes(precision)) {
    throw new RangeError(
      `Expected precision to be one of ${PRECISIONS.join(", ")} but found ${JSON.stringify(precision)}`,
    );
  }
  if (precision === "tf32" && !nativeBackend()?.isUsingGpuDevice) {
    throw new RangeError('Expected a GPU for precision "tf32" but found none: use "float32" or "bfloat16"');
  }
  if (precision === "bfloat16" && !graphBinding()) {
    throw new RangeError(
      'Expected the graph engine for precision "bfloat16" but it cannot be had: see `gradamp doctor`',
    );
  }
  return precision;
}

/** Sets the process's switch for TensorFloat-32, which only GPUs look at, to what the next call computes in. */
export function switchPrecision(precision: Precision): void {
  if (nativeBackend()?.isUsingGpuDevice) graphBinding()?.setTensorFloat32(precision === "tf32");
}
