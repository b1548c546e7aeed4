import { type Tensor, tf } from "../../src/tensorflow";

/** Random images [samples, 32, 32, 3], mean 0 and variance 1, and labels: data like every other engine's. */
export function randomImages(samples: number, classes: number): { images: Tensor; labels: Tensor } {
  const images = tf.randomNormal([samples, 32, 32, 3], 0, 1, "float32", 1);
  const labels = tf.tidy(() => tf.range(0, samples, 1, "int32").mod(tf.scalar(classes, "int32")));
  return { images, labels };
}
