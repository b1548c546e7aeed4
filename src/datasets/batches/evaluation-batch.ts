import { checkArgument } from "../../options";
import { tf, type Tensor1D } from "../../tensorflow";
import { normalise } from "../columns/normalise";
import { refuseStreamed } from "../streams/read-split";
import { mapArranged } from "../columns/arranged";
import type { Batch } from "./training-batch";
import type { Column, Columns, Dataset, Split } from "../types";

/**
 * A batch for evaluation: gathered and normalised on the device, as it is.
 *
 * @param dataset the data set, whose normalisation is applied
 * @param split one of the data set's: `dataset.validation`, `dataset.test` or `dataset.train`
 * @param positions `[batch]` int32, which samples of the split
 * @returns inputs `[batch, ...sampleShape]` float32, targets as {@link Column.gather} says; the caller disposes of them
 * @throws {TypeError} if the split is a stream, which has no positions
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 20, validation: 10, test: 10 });
 * const batch = ga.evaluationBatch(data, data.test!, ga.tf.range(0, 10, 1, "int32"));
 * console.log(batch.targets.shape); // [10]
 */
export function evaluationBatch(dataset: Dataset, split: Split, positions: Tensor1D): Batch {
  checkArgument(dataset, "a data set", "train");
  checkArgument(split, "a split, as data.validation,", "inputs");
  refuseStreamed(split, "ga.evaluationBatch");
  checkArgument(positions, "positions, a tensor [samples],", "dtype");
  return plainBatch(dataset, split, positions);
}

/** The same of any columns, prepared as the data set says. */
export function plainBatch(
  { normalisation }: Pick<Dataset, "normalisation">,
  columns: Columns,
  positions: Tensor1D,
): Batch {
  const prepare = (column: Column, isInput: boolean) => {
    const values = column.gather(positions);
    return isInput ? normalise(values, column, normalisation) : values;
  };
  return tf.tidy(() => mapArranged(columns, prepare) as never);
}
