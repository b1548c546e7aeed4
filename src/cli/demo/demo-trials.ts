import * as ga from "../..";

/** One training of the demo. */
export interface DemoTrial {
  readonly name: string;
  /** The part of the report that it belongs to. */
  readonly part: "vanishing" | "amplification";
  build(classes: number): ga.LayersModel;
  readonly options: ga.TrainOptions;
}

const BATCH = 100;
/** As narrow and as long as it takes for VGG08 to learn the images in half a minute. */
const WIDTH = 12;
const EPOCHS = 30;
/** Of the amplified network and its baseline, whose difference is smaller than what a seed makes. */
const SEEDS = [1, 2, 3];

/** As the study of VGG08 and VGG38 trains: Adam with a cosine rate, batches of 100. */
function study(): ga.TrainOptions {
  const optimizer = ga.adam({ learningRate: ga.cosine(1e-3, { min: 2e-5 }) });
  return { epochs: EPOCHS, batchSize: BATCH, optimizer, seed: 1 };
}

/** A schedule in the manner of the 2020 paper, for one group of layers; β = 0 is its baseline. */
function schedule(ampRatio: number, seed: number): ga.TrainOptions {
  const stages = ga.stages(
    [
      [3, 0.05, 0, 1],
      [8, 0.05, ampRatio, 2],
      [10, 0.005, 0, 1],
    ],
    { group: "bn" },
  );
  return { stages, batchSize: BATCH, optimizer: ga.sgd(), seed };
}

const deep = { width: WIDTH, seed: 1 };

/** What the demo trains, in order. */
export const DEMO_TRIALS: readonly DemoTrial[] = [
  { name: "VGG08", part: "vanishing", build: (classes) => ga.vgg08({ classes, ...deep }), options: study() },
  { name: "VGG38", part: "vanishing", build: (classes) => ga.vgg38({ classes, ...deep }), options: study() },
  {
    name: "VGG38 BN+RC",
    part: "vanishing",
    build: (classes) => ga.vgg38({ classes, batchNorm: true, residual: true, ...deep }),
    options: study(),
  },
  ...SEEDS.flatMap((seed) =>
    [0, 0.5].map((ampRatio): DemoTrial => ({
      name: `VGG08 BN, ${ampRatio === 0 ? "baseline" : "amplified"}, seed ${seed}`,
      part: "amplification",
      build: (classes) => ga.vgg08({ classes, width: 8, batchNorm: true, seed }),
      options: schedule(ampRatio, seed),
    })),
  ),
];
