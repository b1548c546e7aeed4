/** Random models with random options come to the same weights on both engines. */
import assert from "node:assert/strict";
import { graphTest as test } from "../../support/graph-test";
import { fuzz } from "../fuzz";
import { checkModel } from "./check";
import { models } from "./fuzzer";
import { type ModelCase, modelOf, shortenedCase } from "./model-case";

test("twenty models of fixed seeds", async () => {
  const { ran, failures } = await fuzz(models, 1, { cases: 20 });
  assert.deepEqual(failures, []);
  assert.ok(ran > 15, `${ran} ran`);
});

/** Seed 3200291 made small: a batch norm of a channel whose deviation is a fiftieth of its mean. */
const SMALL_DEVIATION: ModelCase = {
  input: [8, 8, 3],
  vocabulary: null,
  layers: [
    "(x) => tf.layers.batchNormalization({ scale: false }).apply(x)",
    "(x) => tf.layers.globalAveragePooling2d({}).apply(x)",
    '(x) => tf.layers.dense({ units: 16, activation: "softplus" }).apply(x)',
    '(x) => tf.layers.dense({ units: 4, useBias: false, activation: "tanh" }).apply(x)',
    "(x) => { const input = tf.input({ shape: [4] }); const inner = tf.model({ inputs: input, outputs: tf.layers.batchNormalization({}).apply(tf.layers.dense({ units: 4 }).apply(input)) }); return tf.layers.add().apply([tf.layers.reLU().apply(inner.apply(x)), x]); }",
  ],
  head: "dense({ units: 3 })",
  options: ["optimizer: ga.sgd({ learningRate: 0.05, momentum: 0.9 })", "batchSize: 5", "epochs: 2", "seed: 28"],
  samples: 16,
  checks: ["bfloat16"],
};

test("bfloat16 is held to what rounding each layer's output does, inside nested models, too", async () => {
  const roundingsOf = (each: ModelCase) => {
    const model = modelOf(each);
    const config = JSON.stringify(model.getConfig());
    model.dispose();
    return config.match(/"FuzzShortened"/g)?.length ?? 0;
  };
  assert.deepEqual([SMALL_DEVIATION, shortenedCase(SMALL_DEVIATION)].map(roundingsOf), [0, 9]);
  assert.deepEqual(await checkModel(SMALL_DEVIATION), { ran: true, why: null, held: ["bfloat16"] });
});
