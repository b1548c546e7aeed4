import type { Batch, Columns, TrainingData } from "../../datasets";
import { prefixed } from "../../models/name-failure";
import type { OwnAugmentation, ReadyAugmentation } from "../../spec";
import { type Tensor, type Tensor4D, tf } from "../../tensorflow";
import { colourJitter } from "./colour-jitter";
import { cutout, randomErase } from "./erase";
import { mixup } from "./mixup";

/** What a batch is augmented with. */
export interface BatchAugmenter {
  readonly steps: readonly (ReadyAugmentation | OwnAugmentation)[];
  /** For each of the targets how many classes its labels tell apart; null for what is no label. */
  readonly classes: readonly (number | null)[];
}

/** Augments a batch, step by step; call it in a `tf.tidy`. */
export function augmentBatch(
  batch: Batch,
  columns: Columns,
  { normalisation }: Pick<TrainingData, "normalisation">,
  { steps, classes }: BatchAugmenter,
): Batch {
  let inputs: readonly Tensor[] = batch.inputs;
  let targets: readonly Tensor[] = [batch.targets, ...batch.moreTargets];
  const ofImages = (change: (images: Tensor4D) => Tensor) =>
    inputs.map((values, at) => (columns.inputs[at]!.image ? change(values as Tensor4D) : values));
  for (const step of steps) {
    if (typeof step === "function") ({ inputs, targets } = callOwn(step, inputs, targets, columns));
    else if (step.name === "mixup")
      ({ inputs, targets } = mixup(inputs, targets, { alpha: step.alpha!, classes: stillLabels(targets, batch, classes) })); // prettier-ignore
    else if (step.name === "cutout") inputs = ofImages((images) => cutout(images, step.size!));
    else if (step.name === "randomErase") inputs = ofImages((images) => randomErase(images, step.probability!));
    else {
      const { brightness = 0, contrast = 0, saturation = 0 } = step;
      // Colours are those of the picture, from 0 to 1, as it was before it was normalised.
      inputs = inputs.map((values, at) => {
        const column = columns.inputs[at]!;
        if (!column.image) return values;
        const channels = column.sampleShape.at(-1);
        const own = column.normalised && normalisation?.mean.length === channels ? normalisation : null;
        const plain = own ? tf.add(tf.mul(values, tf.tensor1d([...own.std])), tf.tensor1d([...own.mean])) : values;
        const jittered = colourJitter(plain as Tensor4D, { brightness, contrast, saturation });
        return own ? tf.div(tf.sub(jittered, tf.tensor1d([...own.mean])), tf.tensor1d([...own.std])) : jittered;
      });
    }
  }
  const [first, ...more] = targets;
  return { inputs: [...inputs], targets: first!, moreTargets: more, weights: batch.weights };
}

/** Labels that an earlier step has made shares of are labels no more. */
function stillLabels(targets: readonly Tensor[], batch: Batch, classes: readonly (number | null)[]) {
  const before = [batch.targets, ...batch.moreTargets];
  return targets.map((target, at) => (target.rank === before[at]!.rank ? classes[at]! : null));
}

function callOwn(
  step: OwnAugmentation,
  inputs: readonly Tensor[],
  targets: readonly Tensor[],
  columns: Columns,
): { inputs: readonly Tensor[]; targets: readonly Tensor[] } {
  const what = step.name === "" || step.name === "augment" ? "augment" : `augment ${step.name}`;
  const single = (list: readonly Tensor[]) => (list.length === 1 ? list[0]! : [...list]);
  let found: unknown;
  try {
    found = step(single(inputs), single(targets));
  } catch (error) {
    throw prefixed(error, `A${what.slice(1)}`);
  }
  const isBoth = typeof found === "object" && found !== null && "inputs" in found && "targets" in found;
  const sides = (isBoth ? found : { inputs: found, targets: [...targets] }) as { inputs: unknown; targets: unknown };
  if (!isBoth && [columns.targets, ...columns.moreTargets].some(({ image }) => image))
    throw new TypeError(
      `Expected ${what} to return { inputs, targets }, since the targets are images and have to be moved as the inputs are, but ` +
        "found inputs only: return the targets as they are where nothing is moved",
    );
  return {
    inputs: checked([sides.inputs].flat(), inputs, `inputs of ${what}`, true),
    targets: checked([sides.targets].flat(), targets, `targets of ${what}`, false),
  };
}

/** @throws {TypeError} if they are no tensors, or others than the network takes */
function checked(found: unknown[], before: readonly Tensor[], what: string, sameShape: boolean): Tensor[] {
  if (found.length !== before.length)
    throw new TypeError(`Expected ${before.length} ${what} but found ${found.length}`);
  return found.map((values, at) => {
    if (!(values instanceof tf.Tensor))
      throw new TypeError(
        `Expected ${what} to be tensors but found ${values instanceof Promise ? "a Promise" : typeof values}: compute them with ` +
          "tensor operations, (images) => tf.reverse(images, 2)",
      );
    const { shape } = before[at]!;
    const fits = sameShape ? String(values.shape) === String(shape) : values.shape[0] === shape[0];
    if (!fits) throw new TypeError(`Expected ${what} to have the shape [${shape.join(", ")}] but found [${values.shape.join(", ")}]`); // prettier-ignore
    return values;
  });
}
