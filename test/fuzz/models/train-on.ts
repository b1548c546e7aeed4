import { dataset } from "../../../src/datasets";
import type { TrainOptions } from "../../../src/spec";
import { type Tensor, tf } from "../../../src/tensorflow";
import { startTraining } from "../../../src/training";
import { uniforms } from "../../support/deterministic";
import { valuesOf } from "../../support/same-bits";
import { type ModelCase, modelOf, optionsOf, samplesOf, targetsOf } from "./model-case";

/** How the weights to begin with, and the samples, are moved, relative to their size; a key for each way of doing so. */
export interface Nudge {
  readonly by: number;
  readonly key: string;
}

/** Numbers moved by up to a share of their size. */
export const nudged = (values: ArrayLike<number>, nudge: Nudge | null, what: string): Float32Array => {
  const moves = nudge ? uniforms(`${nudge.key} ${what}`, values.length) : null;
  return Float32Array.from(values, (value, at) => (moves ? value * (1 + nudge!.by * (2 * moves[at]! - 1)) : value));
};

/** The weights of a case's model when it has been trained. */
export async function trainOn(
  each: ModelCase,
  given: Partial<TrainOptions> = {},
  nudge: Nudge | null = null,
): Promise<ArrayLike<number>[]> {
  const { input, samples, vocabulary } = each;
  const own = samplesOf(each);
  const inputs = tf.tensor(vocabulary === null ? nudged(own, nudge, "samples") : own, [samples, ...input], vocabulary === null ? "float32" : "int32"); // prettier-ignore
  const data = await dataset({ train: { inputs, targets: targetsOf(each) }, classes: 3 });
  const model = modelOf(each);
  try {
    if (nudge) nudgeWeights(model.getWeights(), (moved) => model.setWeights(moved), nudge);
    const options = { measure: null, onNonFinite: "record", ...optionsOf(each), ...given } as const;
    await startTraining(model, data, options as never).finished;
    return valuesOf(model.getWeights());
  } finally {
    model.dispose();
    data.dispose();
    inputs.dispose();
  }
}

function nudgeWeights(weights: readonly Tensor[], set: (moved: Tensor[]) => void, nudge: Nudge): void {
  const moved = valuesOf(weights).map((values, at) => tf.tensor(nudged(values, nudge, `weight ${at}`), weights[at]!.shape)); // prettier-ignore
  set(moved);
  tf.dispose(moved);
}
