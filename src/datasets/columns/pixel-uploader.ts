import { attribute, nativeBackend, rawOp, tf, type Tensor } from "../../tensorflow";
import { DeviceColumn } from "./device-column";
import { sampleSizeOf } from "./flat-samples";

/**
 * Puts 8-bit images on the device, a chunk at a time: `add` chunks, then `finish`; `dispose` frees what was not finished.
 *
 * On the native backend one byte a value: tfjs cannot create uint8 tensors, so each chunk is uploaded as int32 and cast,
 * and only a chunk is ever held four times as large. Joining the chunks needs the result's size twice for a moment
 * (CIFAR's 50,000 images: 2 × 154 MB). On the JavaScript backend the values are held as int32.
 */
export class PixelUploader {
  readonly #sampleShape: readonly number[];
  readonly #sampleSize: number;
  readonly #uint8 = nativeBackend() !== null;
  #parts: Tensor[] = [];

  /** @param sampleShape `[height, width, channels]` */
  constructor(sampleShape: readonly number[]) {
    this.#sampleShape = sampleShape;
    this.#sampleSize = sampleSizeOf(sampleShape);
  }

  /** Uploads images that lie one after the other, `height · width · channels` bytes each. */
  add(bytes: Uint8Array): void {
    const count = bytes.length / this.#sampleSize;
    if (!Number.isInteger(count))
      throw new RangeError(`Expected whole images of ${this.#sampleSize} bytes but found ${bytes.length} bytes`);
    if (count === 0) return;
    const values = tf.tensor(new Int32Array(bytes), [count, ...this.#sampleShape], "int32");
    if (!this.#uint8) {
      this.#parts.push(values);
      return;
    }
    const types = { SrcT: attribute.type("int32"), DstT: attribute.type("uint8") };
    this.#parts.push(rawOp("Cast", types, [values])[0]!);
    values.dispose();
  }

  /** Adds a tensor of images that is on the device already, `[images, height, width, channels]` uint8, and owns it. */
  addTensor(images: Tensor): void {
    this.#parts.push(images);
  }

  /** The column of all images added, which the caller disposes of. */
  finish(): DeviceColumn {
    if (this.#parts.length === 0) throw new RangeError("Expected at least one image but found none");
    const tensor = this.#parts.length === 1 ? this.#parts.pop()! : concat(this.#parts, this.#uint8);
    this.dispose();
    return new DeviceColumn(tensor, { storage: this.#uint8 ? "uint8" : "int32", pixels: true, role: "input" });
  }

  dispose(): void {
    tf.dispose(this.#parts);
    this.#parts = [];
  }
}

function concat(parts: readonly Tensor[], uint8: boolean): Tensor {
  if (!uint8) return tf.concat([...parts], 0);
  const axis = tf.scalar(0, "int32");
  const types = { N: attribute.int(parts.length), T: attribute.type("uint8"), Tidx: attribute.type("int32") };
  const [tensor] = rawOp("ConcatV2", types, [...parts, axis]);
  axis.dispose();
  return tensor!;
}
