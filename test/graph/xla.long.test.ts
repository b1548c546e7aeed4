/** Every network compiled by XLA: the losses of a few steps as by kernels, but for float32's rounding. */
import assert from "node:assert/strict";
import { embedded } from "../../src/datasets";
import type { Compiler } from "../../src/graph";
import { modelByName, type ModelOptions, modelNames } from "../../src/models";
import { startTraining } from "../../src/training";
import { graphTest as test } from "../support/graph-test";

async function firstLosses(name: (typeof modelNames)[number], compiler: Compiler): Promise<number[]> {
  const options: ModelOptions = { classes: 10, seed: 2, ...(/vgg(08|38)/.test(name) ? { width: 4 } : {}) };
  const [model, data] = [modelByName(name, options), embedded({ train: 12, validation: 0, test: 0 })];
  const run = await startTraining(model, data, { batchSize: 4, epochs: 1, measure: null, compiler }).finished;
  model.dispose();
  data.dispose();
  return run.epochs.map(({ trainLoss }) => trainLoss);
}

for (const name of modelNames)
  test(name, async () => {
    const [[plain], [xla]] = [await firstLosses(name, "none"), await firstLosses(name, "xla")];
    assert.ok(Math.abs(xla! - plain!) < 1e-3 * plain!, `${xla} and ${plain}`);
  });
