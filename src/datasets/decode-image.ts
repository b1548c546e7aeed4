import { exifOrientation } from "./exif-orientation";
import { attribute, rawOp, tf, type Tensor } from "../tensorflow";

/**
 * Decodes a PNG or JPEG image, turns it as its EXIF orientation says, and resizes it, on the native backend.
 *
 * @param content the file
 * @param path names the file in errors
 * @returns `[1, height, width, 3]` uint8, for raw ops only; the caller disposes of it
 * @throws {Error} if the file is in another format or cannot be decoded; the message names it
 */
export function decodeImage(content: Uint8Array, path: string, [height, width]: readonly [number, number]): Tensor {
  if (!isPng(content) && !isJpeg(content))
    throw new Error(`Expected ${path} to be a PNG or JPEG image but its content is neither: convert or remove it`);
  return tf.tidy(() => {
    let image: Tensor;
    try {
      image = rawOp(
        "DecodeImage",
        { channels: attribute.int(3), dtype: attribute.type("uint8"), expand_animations: attribute.bool(false) },
        [tf.tensor([content], [], "string")],
      )[0]!;
    } catch (error) {
      throw new Error(
        `Expected ${path} to be a readable image but it cannot be decoded (${(error as Error).message}): it may be ` +
          "truncated; replace or remove it",
      );
    }
    image = upright(image, exifOrientation(content));
    const [rows, columns] = image.shape as [number, number];
    const batch = rawOp("ExpandDims", { T: attribute.type("uint8"), Tdim: attribute.type("int32") }, [
      image,
      tf.scalar(0, "int32"),
    ])[0]!;
    if (rows === height && columns === width) return batch;
    // A triangle kernel as wide as an output pixel: plain bilinear sampling would skip most pixels of a photograph.
    const resized = rawOp(
      "ScaleAndTranslate",
      { T: attribute.type("uint8"), kernel_type: attribute.string("triangle"), antialias: attribute.bool(true) },
      [batch, tf.tensor1d([height, width], "int32"), tf.tensor1d([height / rows, width / columns]), tf.zeros([2])],
    )[0]!;
    const whole = tf.clipByValue(tf.round(resized), 0, 255);
    return rawOp("Cast", { SrcT: attribute.type("float32"), DstT: attribute.type("uint8") }, [whole])[0]!;
  });
}

/** An image `[height, width, 3]` as viewers show it, from its EXIF orientation. */
function upright(image: Tensor, orientation: number): Tensor {
  const T = attribute.type("uint8");
  const turned =
    orientation >= 5
      ? rawOp("Transpose", { T, Tperm: attribute.type("int32") }, [image, tf.tensor1d([1, 0, 2], "int32")])[0]!
      : image;
  const axes = MIRRORED[orientation]!;
  if (axes.length === 0) return turned;
  return rawOp("ReverseV2", { T, Tidx: attribute.type("int32") }, [turned, tf.tensor1d([...axes], "int32")])[0]!;
}

/** Along which axes each orientation is mirrored, those from 5 on once rows and columns have changed places. */
const MIRRORED: readonly (readonly number[])[] = [[], [], [1], [0, 1], [0], [], [1], [0, 1], [0]];

function isPng(content: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47].every((byte, i) => content[i] === byte);
}

function isJpeg(content: Uint8Array): boolean {
  return [0xff, 0xd8, 0xff].every((byte, i) => content[i] === byte);
}
