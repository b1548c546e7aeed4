import { attribute, nativeBackend, rawOp, tf, type Tensor, type Tensor2D, type Tensor4D } from "../../tensorflow";

/**
 * Zero-pads images, cuts each back to its size at a place of its own, and mirrors some: on the device, in one op.
 *
 * All of it is one affine map from an output pixel to the input pixel it shows, x ↦ ±x + a and y ↦ y + b, with black
 * outside: TensorFlow's ImageProjectiveTransformV3 with whole numbers, so no pixel is ever mixed. A batch of 100 images
 * of 32×32×3 takes 1.1 ms on one core; gathering pixels by computed indices, masked, took as long with twice the ops.
 *
 * @param images `[batch, height, width, channels]` float32
 * @param cuts `[batch, 4]` float32: anything, dy, dx, flip, as in {@link epochPlan}
 * @param pad black pixels on each side
 */
export function augmentImages(images: Tensor4D, cuts: Tensor2D, pad: number): Tensor4D {
  const [, height, width] = images.shape;
  if (!nativeBackend()) return gatherPixels(images, cuts, pad);
  // Rows: sample (ignored), dy, dx, flip. Columns: the map's coefficients [xx, xy, x1, yx, yy, y1, 0, 0].
  // The crop is mirrored after it was cut, so output x shows padded x' = dx + (width - 1 - x).
  const weights = tf.tensor2d(
    [
      [0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 1, 0, 0],
      [0, 0, 1, 0, 0, 0, 0, 0],
      [-2, 0, width - 1, 0, 0, 0, 0, 0],
    ],
    [4, 8],
  );
  const still = tf.tensor1d([1, 0, -pad, 0, 1, -pad, 0, 0]);
  const maps = tf.add(tf.matMul(cuts, weights), still);
  const [cut] = rawOp(
    "ImageProjectiveTransformV3",
    {
      dtype: attribute.type("float32"),
      interpolation: attribute.string("NEAREST"),
      fill_mode: attribute.string("CONSTANT"),
    },
    [images as Tensor, maps, tf.tensor1d([height, width], "int32"), tf.scalar(0)],
  );
  return cut as Tensor4D;
}

/**
 * The same on the JavaScript backend, whose kernel for tf.image.transform returns from inside its loop over the batch
 * (tfjs 4.22) and so leaves all but the first image black: every pixel is gathered by its place, and masked.
 */
function gatherPixels(images: Tensor4D, cuts: Tensor2D, pad: number): Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const [, dy, dx, flip] = tf.split(cuts, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
  const y = tf.sub(tf.add(tf.range(0, height), dy), pad);
  const place = tf.range(0, width);
  const x = tf.sub(tf.add(tf.add(place, tf.mul(flip, tf.sub(width - 1, tf.mul(place, 2)))), dx), pad);
  const [insideY, insideX] = [tf.clipByValue(y, 0, height - 1), tf.clipByValue(x, 0, width - 1)];
  const rows = tf.add(tf.mul(tf.range(0, batch).reshape([batch, 1]), height), insideY);
  const places = tf.add(tf.mul(rows.reshape([batch, height, 1]), width), insideX.reshape([batch, 1, width]));
  const mask = tf.mul(
    tf.cast(tf.equal(y, insideY), "float32").reshape([batch, height, 1, 1]),
    tf.cast(tf.equal(x, insideX), "float32").reshape([batch, 1, width, 1]),
  );
  const pixels = tf.gather(tf.reshape(images, [-1, channels]), tf.cast(tf.reshape(places, [-1]), "int32"));
  return tf.mul(tf.reshape(pixels, images.shape), mask);
}
