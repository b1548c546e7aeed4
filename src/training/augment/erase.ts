import { type Tensor, type Tensor4D, tf } from "../../tensorflow";

/** 0 in a rectangle of each image and 1 elsewhere, `[batch, height, width, 1]`; bounds are `[batch]`, the last ones outside. */
function outside(
  [, height, width]: readonly number[],
  bounds: { readonly top: Tensor; readonly bottom: Tensor; readonly left: Tensor; readonly right: Tensor },
): Tensor {
  const column = (values: Tensor) => tf.reshape(values, [-1, 1]);
  const within = (size: number, from: Tensor, to: Tensor) => {
    const places = tf.reshape(tf.range(0, size), [1, size]);
    return tf.logicalAnd(tf.greaterEqual(places, column(from)), tf.less(places, column(to)));
  };
  const rows = tf.reshape(within(height!, bounds.top, bounds.bottom), [-1, height!, 1, 1]);
  const columns = tf.reshape(within(width!, bounds.left, bounds.right), [-1, 1, width!, 1]);
  return tf.cast(tf.logicalNot(tf.logicalAnd(rows, columns)), "float32");
}

/**
 * Sets a square of each image to 0, which in normalised images is the mean colour; its centre is any pixel, so that it may reach
 * over the border.
 *
 * Source: DeVries & Taylor, Improved Regularization of Convolutional Neural Networks with Cutout, 2017.
 */
export function cutout(images: Tensor4D, size: number): Tensor4D {
  return tf.tidy(() => {
    const [batch, height, width] = images.shape;
    const begin = (length: number) => tf.sub(tf.floor(tf.mul(tf.randomUniform([batch]), length)), Math.floor(size / 2));
    const [top, left] = [begin(height), begin(width)];
    return tf.mul(images, outside(images.shape, { top, bottom: tf.add(top, size), left, right: tf.add(left, size) }));
  });
}

/** How large the rectangle is, as a share of the image, and how much higher than wide. */
const AREA = [0.02, 0.33] as const;
const RATIO = [0.3, 3.3] as const;

/**
 * Sets a rectangle within some of the images to 0.
 *
 * Source: Zhong et al., Random Erasing Data Augmentation, AAAI 2020; area and aspect as torchvision's RandomErasing draws them,
 * but that a side longer than the image is cut to it, where that draws again.
 */
export function randomErase(images: Tensor4D, probability: number): Tensor4D {
  return tf.tidy(() => {
    const [batch, height, width] = images.shape;
    const uniform = (low: number, high: number) => tf.add(low, tf.mul(tf.randomUniform([batch]), high - low));
    const area = tf.mul(uniform(...AREA), height * width);
    const ratio = tf.exp(uniform(Math.log(RATIO[0]), Math.log(RATIO[1])));
    const side = (length: Tensor, most: number) => tf.clipByValue(tf.round(tf.sqrt(length)), 1, most);
    const [high, wide] = [side(tf.mul(area, ratio), height), side(tf.div(area, ratio), width)];
    const begin = (room: Tensor) => tf.floor(tf.mul(tf.randomUniform([batch]), tf.add(room, 1)));
    const [top, left] = [begin(tf.sub(height, high)), begin(tf.sub(width, wide))];
    // A rectangle that ends where it begins takes nothing away.
    const chosen = tf.cast(tf.less(tf.randomUniform([batch]), probability), "float32");
    const bottom = tf.add(top, tf.mul(high, chosen));
    return tf.mul(images, outside(images.shape, { top, bottom, left, right: tf.add(left, wide) }));
  });
}
