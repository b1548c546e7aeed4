import type { Column, TrainingData } from "../../datasets";
import { FolderSplit } from "../../datasets/streams/folder-split";
import { isStreamed } from "../../datasets/streams/read-split";

/**
 * What multiplies the loss of samples of each class. `"balanced"` are weights that make every class count alike: samples /
 * (classes × samples of the class), whose mean over the samples is 1.
 *
 * @throws {TypeError} if the targets are no labels, or, for "balanced", if the labels are not known beforehand
 * @throws {RangeError} if there are other weights than classes
 */
export function resolveClassWeights(
  given: readonly number[] | "balanced",
  dataset: TrainingData,
  classes: number | null,
): readonly number[] {
  if (classes === null)
    throw new TypeError(
      `Expected data set ${dataset.name} to have classes for classWeights but found targets that are none`,
    );
  if (given !== "balanced") {
    if (given.length === classes) return given;
    throw new RangeError(
      `Expected classWeights to have a number for each of ${classes} classes but found ${given.length}`,
    );
  }
  const counts = new Float64Array(classes);
  const labels = labelsOf(dataset);
  for (let at = 0; at < labels.length; at++) counts[labels[at]!]!++;
  const seen = counts.filter((count) => count > 0).length;
  // A class without samples has no loss to weigh.
  return Array.from(counts, (count) => (count === 0 ? 0 : labels.length / (seen * count)));
}

function labelsOf({ name, train }: TrainingData): ArrayLike<number> {
  if (train instanceof FolderSplit) return train.files.map(({ label }) => label);
  if (isStreamed(train))
    throw new TypeError(
      `Expected data set ${name} to be in memory, or a folder of images, for classWeights "balanced", which counts labels, but ` +
        "found a stream: pass a number for each class",
    );
  const column: Column = train.targets;
  if (column.storage !== "int32")
    throw new TypeError(
      `Expected labels in data set ${name} for classWeights "balanced" but found other targets: pass a number for each class`,
    );
  return column.tensor.dataSync<"int32">();
}
