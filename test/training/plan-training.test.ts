import assert from "node:assert/strict";
import { describe } from "node:test";
import { dataset, type Dataset } from "../../src/datasets";
import { STATISTICS, type StatisticName } from "../../src/gradients";
import { compile, planForGpu } from "../../src/graph";
import { modelByName, modelNames } from "../../src/models";
import { type LayersModel, type layers, planningForGpu, type Tensor, tf } from "../../src/tensorflow";
import { adam, adamw, lion, rmsprop, sgd, startTraining, type TrainOptions } from "../../src/training";
import { assertOnCard, BATCH, checkNetwork, checkOnCard, PRECISIONS, smallData } from "../support/plan-on-card";
import { graphTest } from "../support/graph-test";
import { ODD_MODELS } from "../support/odd-models";

void describe("on a card a step stays there", () => {
  // The deeper ones take seconds each: plan-training.long.test.ts.
  for (const name of modelNames.filter((each) => !/resnet(34|50|101)/.test(each)))
    graphTest(name, () => checkNetwork(name));

  graphTest("with batch norm and residuals, in tf32", async () => {
    for (const rest of [{ batchNorm: true }, { batchNorm: true, residual: true }])
      await checkOnCard("vgg08", modelByName("vgg08", { classes: 10, width: 4, ...rest }), smallData(), {
        precision: "tf32",
      });
  });

  const statistics = Object.keys(STATISTICS) as StatisticName[];
  const OPTIONS: Readonly<Record<string, TrainOptions | (() => TrainOptions)>> = {
    amplification: { amplify: { group: "relu", ampRatio: 0.5, ampFactor: 2 } },
    "all statistics": { measure: { statistics, every: 1 } },
    clipping: { clipNorm: 1 },
    "clipping values": { clipValue: 0.1 },
    augmentation: { augment: ["mixup", "cutout", "randomErase", "colourJitter"].map((name) => ({ name })) as never },
    "label smoothing": { loss: { name: "crossEntropy", labelSmoothing: 0.1 } as never },
    adam: { optimizer: adam({ learningRate: 1e-3 }) },
    adamw: { optimizer: adamw({ learningRate: 1e-3 }) },
    lion: { optimizer: lion({ learningRate: 1e-3 }) },
    rmsprop: { optimizer: rmsprop({ learningRate: 1e-3 }) },
    nesterov: { optimizer: sgd({ learningRate: 1e-3, momentum: 0.9, nesterov: true }) },
    "an optimizer of tfjs's": () => ({ optimizer: tf.train.adamax(1e-3) as never }),
  };
  for (const [name, options] of Object.entries(OPTIONS))
    graphTest(name, async () => {
      for (const precision of PRECISIONS) {
        const model = modelByName("vgg08", { classes: 10, width: 4, batchNorm: true });
        await checkOnCard(`${name} ${precision}`, model, smallData(), {
          ...(typeof options === "function" ? options() : options),
          precision,
        });
      }
    });

  for (const odd of ODD_MODELS)
    graphTest(odd.name, async () => {
      const targets = odd.inputs[0]!.map((_, at) => Math.sin(at));
      const train = odd.inputs.length > 1 ? { several: odd.inputs, targets } : { inputs: odd.inputs[0]!, targets };
      await checkOnCard(odd.name, odd.model(), await dataset({ train, classes: null }), { loss: odd.loss as never });
    });

  for (const [what, make] of Object.entries(OTHERS()))
    graphTest(what, async () => {
      const { model, data } = await make();
      await checkOnCard(what, model, data);
    });
});

/** Networks and data whose steps use other ops: tokens, random layers, bytes that are no whole words. */
function OTHERS(): Record<string, () => Promise<{ model: LayersModel; data: Dataset }>> {
  const classes = (size: number) => Array.from({ length: size }, (_, at) => at % 3);
  const sequential = (...list: layers.Layer[]) => tf.sequential({ layers: list });
  const pixels =
    (shape: [number, number, number], ...list: layers.Layer[]) =>
    async () => {
      const numbers = shape.reduce((a, b) => a * b, 12);
      const values = Uint8Array.from({ length: numbers }, (_, at) => (at * 37) % 256);
      const head = [tf.layers.flatten(), tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: 5 }) })]; // prettier-ignore
      return {
        model: sequential(tf.layers.inputLayer({ inputShape: shape }), ...list, ...head),
        data: await dataset({ train: { inputs: { values, sampleShape: shape }, targets: classes(12) } }),
      };
    };
  return {
    tokens: async () => ({
      model: sequential(
        tf.layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 5, embeddingsInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: 6 }) }), // prettier-ignore
        tf.layers.flatten(),
        tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: 5 }) }),
      ),
      data: await dataset({
        train: {
          inputs: tf.tidy(() => tf.tensor2d(Int32Array.from({ length: 60 }, (_, at) => (at * 7) % 9), [12, 5], "int32")), // prettier-ignore
          targets: classes(12),
        },
      }),
    }),
    "dropout and noise": pixels([4, 4, 3], tf.layers.dropout({ rate: 0.3 }), tf.layers.gaussianNoise({ stddev: 0.1 })),
    "images of an odd number of bytes": pixels([3, 3, 1]),
    "images of an even number of bytes that are no words": pixels([3, 1, 2]),
    "overlapping pooling": pixels([8, 8, 4], tf.layers.maxPooling2d({ poolSize: 3, strides: 2 })),
    "separable convolution": pixels([8, 8, 3], tf.layers.separableConv2d({ filters: 4, kernelSize: 3, activation: "softplus" })), // prettier-ignore
  };
}

/** Losses of an epoch. */
async function losses(model: LayersModel, data: Dataset): Promise<number[]> {
  const run = await startTraining(model, data, { batchSize: BATCH, epochs: 2, seed: 3 }).finished;
  model.dispose();
  data.dispose();
  return run.epochs.map(({ trainLoss }) => trainLoss);
}

for (const what of [
  "tokens",
  "images of an odd number of bytes",
  "images of an even number of bytes that are no words",
])
  graphTest(`what is compiled for a card computes the same: ${what}`, async () => {
    const make = OTHERS()[what]!;
    const here = await make();
    const plain = await losses(here.model, here.data);
    const there = await make();
    const planned = await planningForGpu(() => losses(there.model, there.data));
    planned.forEach((loss, at) => assert.ok(Math.abs(loss - plain[at]!) < 1e-5 * plain[at]!, `${planned} and ${plain}`)); // prettier-ignore
  });

graphTest("what is compiled for a card computes the same: vgg08 with crops", async () => {
  const make = () => modelByName("vgg08", { classes: 10, width: 4, batchNorm: true, seed: 1 });
  const plain = await losses(make(), smallData());
  const planned = await planningForGpu(() => losses(make(), smallData()));
  planned.forEach((loss, at) => assert.ok(Math.abs(loss - plain[at]!) < 1e-3 * plain[at]!, `${planned} and ${plain}`));
});

graphTest(
  "a compiled step of one's own: int32 that is data is computed with on the card, to the last digit",
  async () => {
    const numbers = tf.tensor1d(
      Int32Array.from({ length: 40 }, (_, at) => 2 ** 30 + at),
      "int32",
    );
    const step = (x: Tensor, y: Tensor) => {
      const chosen = tf.gather(x, tf.cast(tf.argMax(y, 1), "int32"));
      return { sums: tf.add(chosen, tf.scalar(3, "int32")), same: tf.equal(chosen, tf.gather(x, tf.range(0, 20, 1, "int32"))), all: x }; // prettier-ignore
    };
    const y = tf.oneHot(tf.range(0, 20, 1, "int32"), 40).cast("float32");
    const values = (result: ReturnType<typeof step>) => Object.values(result).map((each) => [...each.dataSync()]);
    const expected = values(step(numbers, y));
    const compiled = compile(step);
    const { result, functions } = await planForGpu(async () => Promise.resolve(values(compiled(numbers, y))));
    assert.deepEqual(result, expected);
    assertOnCard(functions.map((plan) => ({ ...plan, crossings: plan.crossings.filter(({ from, to }) => !(from === "Range" && to === "GatherV2")) })), "compiled"); // prettier-ignore
    compiled.dispose();
  },
);

graphTest("an op without a GPU kernel is named", async () => {
  const step = compile((x: Tensor) => tf.argMax(tf.cast(x, "int32"), 1));
  const { functions } = await planForGpu(async () => Promise.resolve(step(tf.zeros([6, 4])).dispose()));
  const [plan] = functions;
  assert.deepEqual(plan!.fallbacks, [{ op: "ArgMax", types: "int32, int32 → int32", nodes: 1 }]);
  assert.deepEqual(
    plan!.crossings.map(({ from, to, direction, bytes }) => [from, to, direction, bytes]),
    [["Cast", "ArgMax", "to host", 96]],
  );
  step.dispose();
});
