/** Every network compiled by XLA: loss and gradients of a first step as by kernels, but for float32's rounding. */
import assert from "node:assert/strict";
import { embedded } from "../../src/datasets";
import type { Compiler } from "../../src/graph";
import { modelByName, type ModelOptions, modelNames } from "../../src/models";
import { startTraining } from "../../src/training";
import { graphTest as test } from "../support/graph-test";

/** The loss of a first step, and the norm of all its gradients. */
async function firstStep(
  name: (typeof modelNames)[number],
  compiler: Compiler,
): Promise<{ loss: number; norm: number }> {
  const options: ModelOptions = { classes: 10, seed: 2, ...(/vgg(08|38)/.test(name) ? { width: 4 } : {}) };
  const [model, data] = [modelByName(name, options), embedded({ train: 32, validation: 0, test: 0 })];
  const run = await startTraining(model, data, { batchSize: 32, epochs: 1, measure: { statistics: ["norms"] }, compiler }).finished; // prettier-ignore
  model.dispose();
  data.dispose();
  return { loss: run.epochs[0]!.trainLoss, norm: Math.hypot(...run.gradients.map(({ l2 }) => l2 as number)) };
}

for (const name of modelNames)
  test(name, async () => {
    const [plain, xla] = [await firstStep(name, "none"), await firstStep(name, "xla")];
    assert.ok(plain.norm > 0);
    // Deep networks with batch norm make much of the last digits, and later steps drift apart: gradients of vgg38-bn-rc differ
    // by 4e-4 between gradamp's kernels and TensorFlow's, and by 1e-3 between gradamp's and XLA. Three networks are beyond these bounds
    // (docs/graph-engine.md, "XLA"), and whether that is rounding is open.
    assert.ok(Math.abs(xla.loss - plain.loss) < 1e-5 * plain.loss, `${xla.loss} and ${plain.loss}`);
    assert.ok(Math.abs(xla.norm - plain.norm) < 5e-3 * plain.norm, `${xla.norm} and ${plain.norm}`);
  });
