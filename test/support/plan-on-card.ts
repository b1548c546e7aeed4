import assert from "node:assert/strict";
import { embedded, type Dataset } from "../../src/datasets";
import type { FunctionPlan, Precision } from "../../src/graph";
import type { modelNames } from "../../src/models";
import { modelByName, type ModelOptions } from "../../src/models";
import type { LayersModel } from "../../src/tensorflow";
import { planTraining, type TrainOptions } from "../../src/training";

/** Samples of a step. */
export const BATCH = 4;
/** A batch's sample numbers and the few int32 that TensorFlow may keep on the host; and what the host is told of a step. */
const FEW_BYTES = 4 * 16;

/**
 * Every op of a step has a GPU kernel or is kept on the host, what goes to the card is a batch's sample numbers and single
 * numbers, and nothing comes back within the step but the sums that are shown.
 */
export function assertOnCard(plans: readonly FunctionPlan[], what: string): void {
  assert.ok(plans.length > 0, what);
  for (const { name, fallbacks, crossings, onCard } of plans) {
    assert.deepEqual(fallbacks, [], `${what}: ${name}`);
    if (name.endsWith("_condition")) assert.deepEqual([crossings, onCard], [[], 0], `${what}: ${name}`);
    const odd = crossings.filter(
      ({ direction, bytes, to }) =>
        bytes === null || bytes > FEW_BYTES || (direction === "to host" && to !== "AssignVariableOp"),
    );
    assert.deepEqual(odd, [], `${what}: ${name}`);
  }
}

/** A few images. */
export const smallData = (): Dataset => embedded({ train: 10, validation: 4, test: 4 });

/** Plans a training for a card and holds it to {@link assertOnCard}; frees the network and the data. */
export async function checkOnCard(
  what: string,
  model: LayersModel,
  data: Dataset,
  options: TrainOptions = {},
): Promise<void> {
  const before = model.getWeights().map((weight) => weight.dataSync().slice());
  assertOnCard(await planTraining(model, data, { batchSize: BATCH, ...options }), what);
  model.getWeights().forEach((weight, at) => assert.deepEqual(weight.dataSync(), before[at], "nothing is trained"));
  model.dispose();
  data.dispose();
}

export const PRECISIONS: readonly Precision[] = ["float32", "bfloat16"];

/** The same of one of gradamp's networks, as narrow as it can be, in each precision. */
export async function checkNetwork(name: (typeof modelNames)[number]): Promise<void> {
  const options: ModelOptions = { classes: 10, ...(/vgg(08|38)/.test(name) ? { width: 4 } : {}) };
  for (const precision of PRECISIONS)
    await checkOnCard(`${name} ${precision}`, modelByName(name, options), smallData(), { precision });
}
