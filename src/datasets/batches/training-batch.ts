import { checkArgument } from "../../options";
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from "../../tensorflow";
import { augmentImages } from "./augment-images";
import { normalise } from "../columns/normalise";
import { refuseStreamed } from "../streams/read-split";
import { mapArranged } from "../columns/arranged";
import type { Column, Columns, Dataset } from "../types";

/** Samples of a step. */
export interface Batch {
  inputs: Tensor[];
  targets: Tensor;
  moreTargets: Tensor[];
  weights: Tensor | null;
}

/**
 * A batch for training: gathered, augmented and normalised on the device.
 *
 * Tensor ops only, without a read from the device, so a step that begins with this can be traced. Every column that is
 * an image is padded and cut as the plan says, a sample's images alike, targets that are images too; normalisation
 * comes after padding, so what lies outside an image is black, and 0 in targets.
 *
 * @param dataset the data set, whose augmentation and normalisation are applied
 * @param plan `[size, 4]` int32, what {@link epochPlan} returned
 * @param positions `[batch]` int32, which rows of the plan
 * @returns inputs `[batch, ...sampleShape]` float32, targets as {@link Column.gather} says, weights if there are any;
 *   the caller disposes of them
 * @throws {TypeError} if the split is a stream, which has no positions
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 20, validation: 10, test: 10 });
 * const { augmentation } = data;
 * const plan = ga.tf.tensor2d(ga.epochPlan(20, { seed: 1, epoch: 1, augmentation }), [20, 4], "int32");
 * const batch = ga.trainingBatch(data, plan, ga.tf.tensor1d([0, 1, 2, 3], "int32"));
 * console.log(batch.inputs[0]!.shape); // [4, 32, 32, 3]
 */
export function trainingBatch(dataset: Dataset, plan: Tensor2D, positions: Tensor1D): Batch {
  checkArgument(dataset, "a data set", "train");
  checkArgument(plan, "an epoch's plan, as of ga.epochPlan,", "dtype");
  checkArgument(positions, "positions, a tensor [samples],", "dtype");
  refuseStreamed(dataset.train, "ga.trainingBatch");
  return plannedBatch(dataset, dataset.train, plan, positions);
}

/** The same of any columns, prepared as the data set says. */
export function plannedBatch(
  { augmentation, normalisation }: Pick<Dataset, "augmentation" | "normalisation">,
  columns: Columns,
  plan: Tensor2D,
  positions: Tensor1D,
): Batch {
  return tf.tidy(() => {
    const rows = tf.gather(plan, positions);
    const samples = tf.gather<Tensor>(rows, tf.scalar(0, "int32"), 1) as Tensor1D;
    // As float32: TensorFlow keeps int32 arithmetic off the GPU. Sample numbers beyond 2^24 lose digits here, but only
    // `samples` above is used to find them.
    const cuts = tf.cast<Tensor2D>(rows, "float32");
    const move = (values: Tensor, column: Column): Tensor =>
      augmentation && column.image ? augmentColumn(values, cuts, augmentation.pad) : values;
    const prepare = (column: Column, isInput: boolean) => {
      const values = move(column.gather(samples), column);
      return isInput ? normalise(values, column, normalisation) : values;
    };
    return mapArranged(columns, prepare) as never;
  });
}

/** Images with their channels or, as targets may be, without; whole numbers stay what they are. */
function augmentColumn(values: Tensor, cuts: Tensor2D, pad: number): Tensor {
  if (values.rank === 4 && values.dtype === "float32") return augmentImages(values as Tensor4D, cuts, pad);
  const [batch, height, width, channels = 1] = values.shape as [number, number, number, number?];
  const images = tf.reshape(tf.cast(values, "float32"), [batch, height, width, channels]) as Tensor4D;
  return tf.cast(tf.reshape(augmentImages(images, cuts, pad), values.shape), values.dtype);
}
