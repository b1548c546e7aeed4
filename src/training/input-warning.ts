import type { TrainingData } from "../datasets";
import { isStreamed } from "../datasets/streams/read-split";
import { tf } from "../tensorflow";

/** Samples that are looked at. */
const SAMPLES = 64;

/**
 * What is odd of the images that a network gets: whole numbers from 0 to 255 in float32 that nothing scales, which are
 * pixels that were never divided by 255; null where nothing is.
 */
export async function inputWarning({ name, train, normalisation }: TrainingData): Promise<string | null> {
  if (isStreamed(train)) return null;
  for (const column of train.inputs) {
    const isScaled = column.pixels || column.storage !== "float32" || (normalisation !== null && column.normalised);
    if (isScaled || column.sampleShape.length !== 3 || train.size === 0) continue;
    const [low, high, whole] = await tf
      .tidy(() => {
        const values = column.gather(tf.range(0, Math.min(SAMPLES, train.size), 1, "int32"));
        return tf.stack([values.min(), values.max(), values.equal(values.round()).cast("float32").min()]);
      })
      .data<"float32">();
    if (low! >= 0 && high! > 2 && high! <= 255 && whole === 1)
      return (
        `The images of data set ${name} are whole numbers up to ${high} and nothing scales them: pass them as uint8, ` +
        "which is divided by 255, divide them yourself, or give ga.dataset a normalisation"
      );
  }
  return null;
}
