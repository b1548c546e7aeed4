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

/** Sets the process's switch for TensorFloat-32, which only GPUs look at, to what the next call computes in. */
export function switchPrecision(precision: Precision): void {
  if (nativeBackend()?.isUsingGpuDevice) graphBinding()?.setTensorFloat32(precision === "tf32");
}
