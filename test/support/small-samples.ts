import { type Augmentation, type Dataset, dataset } from "../../src/datasets";
import { tf } from "../../src/tensorflow";
import { uniforms } from "./deterministic";

/**
 * A few images of noise in three classes, always the same: for tests of whether two ways of training do the same.
 *
 * @param options.size height and width in pixels; 8 by default
 */
export async function smallSamples(
  options: { size?: number; train?: number; augmentation?: Augmentation | null } = {},
): Promise<Dataset> {
  const { size = 8, train = 26, augmentation = null } = options;
  const split = (name: string, count: number) => {
    const pixels = Float32Array.from(uniforms(name, count * size * size * 3), (value) => 2 * value - 1);
    return {
      inputs: tf.tensor4d(pixels, [count, size, size, 3]),
      targets: Array.from({ length: count }, (_, at) => at % 3),
    };
  };
  const samples = { train: split("train", train), validation: split("validation", 9) };
  const made = await dataset({ ...samples, ...(augmentation ? { augmentation } : {}) });
  tf.dispose([samples.train.inputs, samples.validation.inputs]);
  return made;
}
