import { type Tensor1D, tf } from "../../tensorflow";
import { directionalityOfSums } from "../directionality";
import type { WeightTensor } from "../weight-tensors";
import type { EpochStatistic } from "./statistic";

/**
 * G, G′ and the other reading of G of each layer over every whole epoch, in rows of their own; keeps two numbers for each weight.
 *
 * A layer counts with all its trainable weights together. Source: Basodi et al. 2023, eq. 4 and 5.
 */
export const directionality: EpochStatistic<"directionality"> = {
  ...{ name: "directionality", kind: "directionality", over: "epoch" },
  keeps: ["weights", "weights"],
  next: ([sum, absolute], gradient) => [tf.add(sum!, gradient), tf.add(absolute!, tf.abs(gradient))],
  size: ({ weights }) => 3 * ownersOf(weights).length,
  observe: (sums, { weights }) =>
    tf.concat(
      ownersOf(weights).map(({ tensors }) =>
        directionalityOfSums(
          tensors.map((at) => sums[at]![0]!),
          tensors.map((at) => sums[at]![1]!),
        ),
      ),
    ) as Tensor1D,
  rows: (values, { weights }) =>
    ownersOf(weights).map(({ layer }, index) => ({
      ...{ index, layer },
      G: values[3 * index]!,
      GPrime: values[3 * index + 1]!,
      GNet: values[3 * index + 2]!,
    })),
};

/** The layers that own weights, in forward order, with the positions of theirs. */
function ownersOf(weights: readonly WeightTensor[]): { layer: string; tensors: number[] }[] {
  const owned = new Map<unknown, { layer: string; tensors: number[] }>();
  weights.forEach(({ owner, layer }, index) => {
    const entry = owned.get(owner) ?? { layer, tensors: [] };
    entry.tensors.push(index);
    owned.set(owner, entry);
  });
  return [...owned.values()];
}
