import { type Tensor, type Tensor4D, tf } from "../../tensorflow";

/** Shares of red, green and blue in grey, ITU-R BT.601. */
const GREY = [0.299, 0.587, 0.114];

/** How far factors go from 1. */
export interface ColourJitter {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
}

/**
 * Changes brightness, contrast and saturation of each image by factors of its own, in this order; as torchvision's ColorJitter
 * with the order fixed and without hue.
 *
 * @param images `[batch, height, width, 3]`, from 0 to 1; grey ones, `[…, 1]`, have no saturation
 */
export function colourJitter(images: Tensor4D, { brightness, contrast, saturation }: ColourJitter): Tensor4D {
  return tf.tidy(() => {
    const [batch, , , channels] = images.shape;
    const factors = (strength: number) => tf.randomUniform([batch, 1, 1, 1], Math.max(0, 1 - strength), 1 + strength);
    const blend = (from: Tensor, to: Tensor, strength: number): Tensor =>
      tf.clipByValue(tf.add(to, tf.mul(tf.sub(from, to), factors(strength))), 0, 1);
    const grey = (values: Tensor): Tensor =>
      channels === 3 ? tf.sum(tf.mul(values, tf.tensor1d(GREY)), 3, true) : tf.mean(values, 3, true);
    let values: Tensor = images;
    if (brightness > 0) values = blend(values, tf.zerosLike(values), brightness);
    if (contrast > 0) values = blend(values, tf.mean(grey(values), [1, 2], true), contrast);
    if (saturation > 0 && channels === 3) values = blend(values, grey(values), saturation);
    return values as Tensor4D;
  });
}
