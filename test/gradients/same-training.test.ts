/** What is measured leaves what is trained as it is, to the last bit. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as ga from "../../src";
import { STATISTIC_NAMES } from "../../src/spec/measure";
import { graphTest } from "../support/graph-test";

/** The weights after two epochs, as one hash. */
async function trained(precision: "float32" | "bfloat16", statistics: readonly string[]): Promise<string> {
  const model = ga.vgg38({ classes: 10, width: 2, batchNorm: true, seed: 3 });
  const data = ga.embedded({ train: 40, validation: 10, test: 10 });
  const measure = statistics.length === 0 ? null : { statistics: statistics as ["norms"], every: 1 };
  await ga.train(model, data, {
    epochs: 2,
    batchSize: 16,
    engine: "graph",
    precision,
    measure,
    seed: 1,
    progress: false,
  });
  const hash = createHash("sha256");
  for (const weight of model.getWeights()) hash.update(weight.dataSync() as Float32Array);
  model.dispose();
  data.dispose();
  return hash.digest("hex");
}

graphTest("in float32 no statistic changes the training", async () => {
  assert.equal(await trained("float32", STATISTIC_NAMES), await trained("float32", []));
});

graphTest("in bfloat16 none but `outputs` does", async () => {
  const others = STATISTIC_NAMES.filter((name) => name !== "outputs");
  assert.equal(await trained("bfloat16", others), await trained("bfloat16", []));
});
