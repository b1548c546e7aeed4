import assert from "node:assert/strict";
import type { Dataset } from "../../src/datasets";
import type { EngineName } from "../../src/graph";
import { modelByName, type ModelOptions } from "../../src/models";
import { startTraining, type TrainOptions } from "../../src/training";
import { assertAllSameBits, assertSameBits, valuesOf } from "./same-bits";

/** What a run leaves behind, without times. */
export interface Outcome {
  readonly rows: readonly Record<string, unknown>[];
  readonly gradients: readonly Record<string, unknown>[];
  readonly weights: readonly ArrayLike<number>[];
}

/** Trains a fresh network on an engine. */
export async function outcomeOf(
  network: string,
  build: ModelOptions & { width: number; size: number },
  data: Dataset,
  options: TrainOptions & { engine: EngineName },
): Promise<Outcome> {
  const { size, ...choices } = build;
  const model = modelByName(network, { ...choices, classes: data.classes!, inputShape: [size, size, 3] });
  const run = await startTraining(model, data, options).finished;
  assert.equal(run.options["engine"], options.engine);
  const weights = valuesOf(model.getWeights());
  model.dispose();
  return {
    rows: run.epochs.map((row) => ({ ...row, seconds: 0, imagesPerSecond: 0 })),
    gradients: run.gradients.map((row) => ({ ...row })),
    weights,
  };
}

/** Asserts that two runs left the same behind, to the last bit. */
export function assertSameOutcome(found: Outcome, expected: Outcome): void {
  assert.deepEqual(found.rows, expected.rows);
  const numbers = ({ gradients }: Outcome) =>
    gradients.flatMap((row) => Object.values(row).filter((value) => typeof value === "number"));
  assertSameBits(numbers(found), numbers(expected), "gradient statistics");
  assertAllSameBits(found.weights, expected.weights, "weight");
}
