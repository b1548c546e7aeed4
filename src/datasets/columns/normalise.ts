import { tf, type Tensor } from "../../tensorflow";
import type { Normalisation } from "../../spec";
import type { Column } from "../types";
import { sampleSizeOf } from "./flat-samples";

/**
 * Scales the values of an input: 8-bit pixels to [0, 1], then minus mean, divided by std, for each channel.
 *
 * As x·scale - shift with both constants spelt out over a whole row of pixels: broadcasting over a last dimension of 3
 * takes TensorFlow six times as long (0.6 against 0.1 ms for 100 images of 32×32).
 *
 * @param values `[batch, ...sampleShape]` float32
 */
export function normalise(values: Tensor, column: Column, normalisation: Normalisation | null): Tensor {
  const unit = column.pixels ? 255 : 1;
  const channels = column.sampleShape[column.sampleShape.length - 1] ?? 1;
  if (!column.normalised || normalisation?.mean.length !== channels)
    return unit === 1 ? values : tf.mul(values, tf.scalar(1 / unit));

  const { mean, std } = normalisation;
  const size = sampleSizeOf(column.sampleShape);
  const row = column.sampleShape.length > 1 ? size / column.sampleShape[0]! : size;
  const scale = Float32Array.from({ length: row }, (_, i) => 1 / (unit * std[i % channels]!));
  const shift = Float32Array.from({ length: row }, (_, i) => mean[i % channels]! / std[i % channels]!);
  const flat = tf.reshape(values, [-1, row]);
  return tf.reshape(tf.sub(tf.mul(flat, tf.tensor1d(scale)), tf.tensor1d(shift)), values.shape);
}
