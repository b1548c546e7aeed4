import type { TrainingData } from "../../datasets";
import { isOfClasses, type LossGiven, type OwnAugmentation, type ReadyAugmentation } from "../../spec";
import type { LayersModel } from "../../tensorflow";
import { lossesOf } from "../losses/losses-of-outputs";
import type { BatchAugmenter } from "./augment-batch";

/**
 * Finds what augmentations need to know of model and data.
 *
 * @throws {TypeError} if there is nothing that one of them could be for, or nothing that could be done with what it makes
 */
export function resolveAugment(
  model: LayersModel,
  dataset: TrainingData,
  loss: LossGiven,
  steps: readonly (ReadyAugmentation | OwnAugmentation)[],
): BatchAugmenter | null {
  if (steps.length === 0) return null;
  const { inputs, targets, moreTargets, weights } = dataset.train;
  const losses = lossesOf(model, loss);
  const classes = [targets, ...moreTargets].map((target, at) => {
    const output = model.outputs[at]?.shape.slice(1) ?? [];
    const isLabels = typeof losses !== "function" && isOfClasses(losses[at]!) && target.sampleShape.length < output.length; // prettier-ignore
    return isLabels ? output.at(-1)! : null;
  });
  for (const step of steps) {
    if (typeof step === "function") continue;
    if (step.name === "mixup") {
      const odd = [targets, ...moreTargets].findIndex(({ storage }, at) => storage === "int32" && classes[at] === null);
      if (odd >= 0)
        throw new TypeError(
          "Expected labels that cross-entropy compares for mixup, which makes shares of classes of them, but found labels for a " +
            "loss of one's own: pass one-hot rows as targets",
        );
      if (weights !== null)
        throw new TypeError(
          "Expected samples that count alike for mixup, which mixes them, but found weights: leave one of both out",
        );
      continue;
    }
    const images = inputs.filter(({ image }) => image);
    if (images.length === 0)
      throw new TypeError(
        `Expected images [height, width, channels] for augment ${step.name} but found ` +
          inputs.map(({ sampleShape }) => `[${sampleShape.join(", ")}]`).join(" "),
      );
    const odd = images.find(({ sampleShape }) => ![1, 3].includes(sampleShape[2]!));
    if (step.name === "colourJitter" && odd)
      throw new TypeError(
        `Expected images of 1 or 3 channels for augment colourJitter but found ${odd.sampleShape[2]}`,
      );
  }
  return { steps, classes };
}
