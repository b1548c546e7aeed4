import * as ga from "../..";

/** One training of the demo. */
export interface DemoTrial {
  readonly name: string;
  /** The part of the report that it belongs to. */
  readonly part: "vanishing" | "amplification";
  build(classes: number): ga.LayersModel;
  readonly options: ga.TrainOptions;
}

const SEED = 1;
const BATCH = 100;

/** As the study of VGG08 and VGG38 trains: Adam with a cosine rate, batches of 100. */
function study(epochs: number): ga.TrainOptions {
  const optimizer = ga.adam({ learningRate: ga.cosine(1e-3, { min: 2e-5 }) });
  return { epochs, batchSize: BATCH, optimizer, seed: SEED };
}

/** A schedule in the manner of the 2020 paper, for one group of layers; β = 0 is its baseline. */
function schedule(ampRatio: number): ga.TrainOptions {
  const stages = ga.stages(
    [
      [3, 0.05, 0, 1],
      [8, 0.05, ampRatio, 2],
      [10, 0.005, 0, 1],
    ],
    { group: "bn" },
  );
  return { stages, batchSize: BATCH, optimizer: ga.sgd(), seed: SEED };
}

/** What the demo trains, in order. */
export const DEMO_TRIALS: readonly DemoTrial[] = [
  { name: "VGG08", part: "vanishing", build: (classes) => ga.vgg08({ classes, seed: SEED }), options: study(5) },
  { name: "VGG38", part: "vanishing", build: (classes) => ga.vgg38({ classes, seed: SEED }), options: study(5) },
  {
    name: "VGG38 BN+RC",
    part: "vanishing",
    build: (classes) => ga.vgg38({ classes, batchNorm: true, residual: true, seed: SEED }),
    options: study(5),
  },
  {
    name: "VGG08 BN, baseline",
    part: "amplification",
    build: (classes) => ga.vgg08({ classes, batchNorm: true, seed: SEED }),
    options: schedule(0),
  },
  {
    name: "VGG08 BN, amplified",
    part: "amplification",
    build: (classes) => ga.vgg08({ classes, batchNorm: true, seed: SEED }),
    options: schedule(0.5),
  },
];
