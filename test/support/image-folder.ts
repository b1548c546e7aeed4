import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tf, type Tensor3D } from "../../src/tensorflow";

interface Encoders {
  encodePng(image: Tensor3D): Promise<Uint8Array>;
  encodeJpeg(image: Tensor3D): Promise<Uint8Array>;
}
export const { node: encode } = tf as unknown as { node: Encoders };

/**
 * Writes a folder of JPEG images of noise around a colour of their class, always the same ones.
 *
 * @param images of each class, in as many classes as there are numbers
 * @param size height and width in pixels of the image of a number
 */
export async function writeImageFolder(
  dir: string,
  images: readonly number[],
  size: (image: number) => readonly [number, number] = () => [8, 8],
): Promise<string> {
  for (const [label, count] of images.entries()) {
    const folder = join(dir, `class${label}`);
    mkdirSync(folder, { recursive: true });
    for (let image = 0; image < count; image++) {
      const [height, width] = size(image);
      const picture = tf.tidy(() => {
        const noise = tf.randomUniform([Math.ceil(height / 4), Math.ceil(width / 4), 3], -60, 60, "float32", 100 * label + image); // prettier-ignore
        const colour = tf.tensor1d([60 + 60 * label, 200 - 50 * label, 128]);
        const large = tf.image.resizeBilinear(tf.add(noise, colour) as Tensor3D, [height, width]);
        return tf.cast(tf.clipByValue(tf.round(large), 0, 255), "int32");
      });
      writeFileSync(join(folder, `${String(image).padStart(5, "0")}.jpg`), await encode.encodeJpeg(picture));
      picture.dispose();
    }
  }
  return dir;
}
