import * as figures from "../../src/figures";
import type { PlotlySpec, ThemeName, TrialRow } from "../../src/figures";
import type { GradientRow } from "../../src/rows";
import { exampleEpochs, exampleGradients, exampleRun, exampleSteps, vggLayers } from "./example-rows";

/** A figure of the gallery, drawn from made-up rows unless `source` says otherwise. */
export interface GalleryFigure {
  name: string;
  /** The paper's figure and what it says of it, or what the figure is for. */
  shows: string;
  draw: (theme: ThemeName) => PlotlySpec;
}

const smooth = (x: number, y: number) => 0.5 + 0.5 * Math.sin(12.9 * x + 7.3 * y + Math.sin(5 * x * y + 1));

function trials(
  models: readonly [name: string, baseline: number][],
  fields: Partial<TrialRow>[],
  vary: (at: number) => Partial<TrialRow>,
  count: number,
  gain: (share: number, field: number, model: number) => number,
): TrialRow[] {
  return models.flatMap(([model, baseline], m) =>
    fields.flatMap((field, f) =>
      Array.from({ length: count }, (_, at) => ({
        model,
        dataset: "cifar-10",
        group: null,
        ampRatio: null,
        ampFactor: 2,
        threshold: null,
        directionality: null,
        sides: null,
        seed: 0,
        baseline,
        baselineDeviation: 0.002,
        accuracy: baseline + gain(at / (count - 1), f, m) + 0.004 * (smooth(at, f + 3 * m) - 0.5),
        ...field,
        ...vary(at),
      })),
    ),
  );
}

const small: [string, number][] = [
  ["VGG-19", 0.9108],
  ["ResNet-18", 0.92488],
  ["ResNet-34", 0.92716],
];
const groups = [{ group: "bn" }, { group: "relu" }, { group: "bn+relu" }, { group: "first-bn-of-block" }];
const ratios = trials(
  small,
  groups,
  (at) => ({ ampRatio: at / 10, strategy: "S2_0.5_xx" }),
  11,
  (share, group) => (group === 2 ? 0.006 - 0.03 * share : 0.014 * Math.sin(Math.PI * (0.2 + 0.7 * share))),
).filter((row) => !(row.model === "VGG-19" && row.group === "first-bn-of-block"));
const factors = trials(
  small,
  [{ group: "bn", ampRatio: 0.3 }],
  (at) => ({ ampFactor: at + 1 }),
  10,
  (share) => 0.02 - 0.05 * share * share,
);
const fine = trials(
  small,
  [{ group: "bn", ampRatio: 0.3 }],
  (at) => ({ ampFactor: Number((1 + at / 10).toFixed(1)) }),
  21,
  (share) => 0.018 * Math.sin(Math.PI * (0.15 + 0.75 * share)),
);
const cases: Partial<TrialRow>[] = [
  { directionality: "G", sides: "one" },
  { directionality: "G", sides: "both" },
  { directionality: "GPrime", sides: "one" },
  { directionality: "GPrime", sides: "both" },
];
const thresholds = trials(
  small,
  cases,
  (at) => ({ threshold: Number((0.7 + at / 10).toFixed(1)) }),
  19,
  (share, which) => (which % 2 === 0 ? 0.012 + 0.003 * share : -0.012 + 0.03 * Math.min(1, 2 * share)),
);
const frequencies = trials(
  small,
  ["stage", "2 epochs", "5 epochs"].map((reselect) => ({
    reselect,
    directionality: "G" as const,
    sides: "both" as const,
  })),
  (at) => ({ threshold: Number((0.7 + at / 10).toFixed(1)) }),
  19,
  (share) => 0.004 + 0.012 * share,
);
const overview = [
  ...ratios,
  ...["S1_xx", "S2_0.1_xx", "S2_0.3_xx"].flatMap((strategy, s) =>
    ratios.map((row) => ({ ...row, strategy, accuracy: row.accuracy - 0.004 * s + 0.003 })),
  ),
  ...factors.map((row) => ({
    ...row,
    strategy: "Γ 1 – 10",
    group: row.model === "VGG-19" ? "bn" : "first-bn-of-block",
  })),
  ...fine.map((row) => ({ ...row, strategy: "Γ 1 – 3", group: row.model === "VGG-19" ? "bn" : "first-bn-of-block" })),
];
const amplifiedEpochs = (best: number, seed: number) =>
  exampleEpochs(150, best).map((row) => ({
    ...row,
    trainAccuracy: (row.trainAccuracy ?? 0) * (row.epoch > 100 ? 1.02 : 0.95) + 0.012 * smooth(row.epoch, seed),
    testAccuracy: (row.validationAccuracy ?? 0) * (row.epoch > 100 ? 1.05 : 0.9) + 0.03 * smooth(row.epoch, seed + 5),
  }));

const shallow = exampleRun("VGG08", { blocks: 0, batchNorm: false, epochs: 40, decades: 0.5, best: 0.5 });
const plain = exampleRun("VGG38", { blocks: 5, batchNorm: false, epochs: 12, decades: 14, best: 0.01 });
const mended = exampleRun("VGG38 BN + RC", { blocks: 5, batchNorm: true, epochs: 12, decades: 1, best: 0.62 });
const vgg38 = vggLayers(5, true).map(({ layer }) => layer);
const history: GradientRow[] = Array.from({ length: 60 }, (_, at) => {
  const middle = 10 ** (-3 - 1.2 * (at / 60) + 0.2 * Math.sin(at / 3));
  const quantiles = { q05: middle / 20, q25: middle / 3, q50: middle * 0.8, q75: middle * 1.8, q95: middle * 4 };
  return {
    epoch: 1 + Math.floor(at / 6),
    step: 10 * (at + 1),
    index: 4,
    layer: "block_0_0_conv_0",
    weight: "kernel",
    size: 9216,
    meanAbs: middle,
    maxAbs: middle * 14,
    ...quantiles,
  };
});
const updates = Array.from({ length: 30 }, (_, at) => 20 * (at + 1)).flatMap((step) =>
  exampleGradients(vggLayers(1, true), 1, 1).map((row) => ({
    ...row,
    step,
    updateRatio: 10 ** (-2.4 - 0.9 * (step / 600) + 0.25 * Math.sin(row.index * 1.3 + step / 90)),
  })),
);
const stage = (end: number, learningRate: number, ampRatio: number | string, ampFactor = ampRatio === 0 ? 1 : 2) => ({
  end,
  learningRate,
  ampRatio,
  ampFactor,
});
const normalized = vgg38.map((_, at) => 1.1 * Math.sin(at * 1.9) + 0.9 * Math.sin(at * 0.37));
const resnet = ["stem", ...Array.from({ length: 8 }, (_, at) => `block_${at}`)].flatMap((block, b) =>
  b === 0
    ? [
        { name: "input", type: "InputLayer", inputs: [], parameters: 0, amplified: false },
        { name: "stem_conv", type: "Conv2D", inputs: ["input"], parameters: 1728, amplified: false },
        { name: "stem_bn", type: "BatchNormalization", inputs: ["stem_conv"], parameters: 128, amplified: false },
        { name: "stem_relu", type: "ReLU", inputs: ["stem_bn"], parameters: 0, amplified: false },
      ]
    : [
        {
          name: `${block}_conv_0`,
          type: "Conv2D",
          inputs: [b === 1 ? "stem_relu" : `block_${b - 2}_relu_1`],
          parameters: 36864,
          amplified: false,
        },
        {
          name: `${block}_bn_0`,
          type: "BatchNormalization",
          inputs: [`${block}_conv_0`],
          parameters: 128,
          amplified: [1, 4, 6, 7].includes(b),
        },
        { name: `${block}_relu_0`, type: "ReLU", inputs: [`${block}_bn_0`], parameters: 0, amplified: false },
        { name: `${block}_conv_1`, type: "Conv2D", inputs: [`${block}_relu_0`], parameters: 36864, amplified: false },
        {
          name: `${block}_bn_1`,
          type: "BatchNormalization",
          inputs: [`${block}_conv_1`],
          parameters: 128,
          amplified: false,
        },
        {
          name: `${block}_add`,
          type: "Add",
          inputs: [`${block}_bn_1`, b === 1 ? "stem_relu" : `block_${b - 2}_relu_1`],
          parameters: 0,
          amplified: false,
        },
        { name: `${block}_relu_1`, type: "ReLU", inputs: [`${block}_add`], parameters: 0, amplified: false },
      ],
);

const classes = ["airplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/** Every figure once, in the order of the gallery. */
export const gallery: readonly GalleryFigure[] = [
  {
    name: "trainingCurves",
    shows: "004, figures 1 and 4: loss and accuracy per epoch of VGG08 and VGG38, of the best model",
    draw: (theme) => figures.trainingCurves([shallow, mended, plain], { theme }),
  },
  {
    name: "stepCurves",
    shows: "loss, norm of the gradients and a scalar of one's own, step by step, of two runs with `logEvery: 1`",
    draw: (theme) =>
      figures.stepCurves([{ name: "plain", steps: exampleSteps(0.5) }, { name: "with warm-up", steps: exampleSteps(1.5) }], { theme, smoothing: 0.8 }), // prettier-ignore
  },
  {
    name: "gradientFlow",
    shows: "004, figures 2, 3 and 5: mean |gradient| of each layer, one line an epoch",
    draw: (theme) => figures.gradientFlow([plain, mended], { theme }),
  },
  {
    name: "learningRateComparison",
    shows: "004, figure 6: loss for two learning rates",
    draw: (theme) =>
      figures.learningRateComparison(
        [
          { name: "a", epochs: exampleEpochs(40, 0.62, 1e-2) },
          { name: "b", epochs: exampleEpochs(40, 0.52, 1e-3) },
        ],
        { theme },
      ),
  },
  {
    name: "accuracyBars",
    shows: "004, figure 7: accuracies of the experiments (these bars are the validation accuracies of its table 1)",
    draw: (theme) =>
      figures.accuracyBars(
        (
          [
            ["VGG08", 0.4684],
            ["VGG38", 0.01],
            ["VGG38 BN 1e-2", 0.4672],
            ["VGG38 BN 1e-3", 0.4392],
            ["VGG38 RC", 0.5232],
            ["VGG38 BN + RC 1e-3", 0.59],
            ["VGG38 BN + RC 1e-2", 0.6136],
          ] as const
        ).map(([name, accuracy]) => ({ name, accuracy })),
        { theme, metric: "validationAccuracy" },
      ),
  },
  {
    name: "scheduleDiagram",
    shows: "2020, figures 1 and 2, and 2023, figure 1: epochs, learning rates, and where amplification acts",
    draw: (theme) =>
      figures.scheduleDiagram(
        [
          {
            name: "original",
            stages: [stage(50, 0.1, 0), stage(100, 0.1, 0), stage(130, 0.01, 0), stage(150, 0.01, 0)],
          },
          {
            name: "step 1, S1_xx",
            stages: [stage(50, 0.1, 0), stage(100, 0.1, "xx"), stage(130, 0.01, 0), stage(150, 0.01, 0)],
          },
          {
            name: "step 2, S2_0.7_xx",
            stages: [stage(50, 0.1, 0), stage(100, 0.1, 0.7), stage(130, 0.01, "xx"), stage(150, 0.01, 0)],
          },
          {
            name: "2023, params₂",
            stages: [
              stage(10, 0.1, 0),
              stage(100, 0.1, "layers by G"),
              stage(145, 0.01, "layers by G"),
              stage(150, 0.01, 0),
            ],
          },
        ],
        { theme },
      ),
  },
  {
    name: "experimentOverview",
    shows: "2020, figure 3: all experiments, by model, layers and schedule",
    draw: (theme) => figures.experimentOverview(overview, { theme }),
  },
  {
    name: "accuracyAgainstRatio",
    shows: "2020, figure 4: amplified (red) against the ratio of amplified layers, original mean (blue)",
    draw: (theme) => figures.accuracyAgainstRatio(ratios, { theme }),
  },
  {
    name: "accuracyAgainstFactor",
    shows: "2020, figure 5: Γ from 1 to 10",
    draw: (theme) => figures.accuracyAgainstFactor(factors, { theme }),
  },
  {
    name: "accuracyAgainstFactorFine",
    shows: "2020, figure 6: Γ from 1 to 3 in small steps",
    draw: (theme) => figures.accuracyAgainstFactor(fine, { theme }),
  },
  {
    name: "bestModels",
    shows:
      "2020, figure 7, and 2023, figure 11: original training gray, testing blue; amplified training green, testing red",
    draw: (theme) =>
      figures.bestModels(
        small.map(([model], m) => ({
          model,
          originals: [1, 2].map((seed) => ({ epochs: amplifiedEpochs(0.86, seed + m) })),
          amplified: { epochs: amplifiedEpochs(0.88, 9 + m) },
        })),
        { theme },
      ),
  },
  {
    name: "reselectionFrequency",
    shows: "2023, figure 2: layers chosen once per learning rate (top), every 2 epochs, every 5 epochs",
    draw: (theme) => figures.reselectionFrequency(frequencies, { theme }),
  },
  {
    name: "accuracyAgainstThreshold",
    shows: "2023, figures 3 to 10: accuracy against the threshold, for each measure, case and model",
    draw: (theme) => figures.accuracyAgainstThreshold(thresholds, { theme }),
  },
  {
    name: "gradientBars",
    shows: "mean and largest |gradient| of each layer at one epoch",
    draw: (theme) => figures.gradientBars(mended, { theme }),
  },
  {
    name: "gradientHeatmap",
    shows: "every layer at every measured step",
    draw: (theme) => figures.gradientHeatmap(plain, { theme }),
  },
  {
    name: "layerHistory",
    shows: "one layer over the training, with quantiles",
    draw: (theme) => figures.layerHistory(history, { layer: "block_0_0_conv_0", theme }),
  },
  {
    name: "gradientHistogram",
    shows: "how one layer's gradients are distributed, over time",
    draw: (theme) =>
      figures.gradientHistogram(
        Array.from({ length: 40 }, (_, at) => ({
          epoch: 1,
          step: 10 * (at + 1),
          layer: "block_0_0_conv_0",
          weight: "kernel",
          low: -30,
          high: 0,
          counts: Array.from({ length: 40 }, (_, bin) =>
            Math.round(9000 * Math.exp(-(((bin - 24 + at / 5) / 4) ** 2))),
          ),
        })),
        { theme },
      ),
  },
  {
    name: "directionality",
    shows: "which layers a threshold selects (2023, eq. 4–9, algorithm 1)",
    draw: (theme) =>
      figures.directionality(
        vgg38.map((layer, at) => ({
          layer,
          ratio: 0.3 + 0.05 * (normalized[at] ?? 0),
          normalized: normalized[at] ?? 0,
          selected: Math.abs(normalized[at] ?? 0) > 1.3,
        })),
        { theme, threshold: 1.3, sides: "both" },
      ),
  },
  {
    name: "updateRatio",
    shows: "how far each step moves each layer",
    draw: (theme) => figures.updateRatio(updates, { theme }),
  },
  {
    name: "rawAgainstAmplified",
    shows: "what amplification does to each layer's gradient",
    draw: (theme) =>
      figures.rawAgainstAmplified(
        vggLayers(1, true).map(({ layer }, at, all) => {
          const raw = 10 ** (-5 + (2 * at) / all.length + 0.3 * Math.sin(at));
          const chosen = all.map((_, k) => k % 5 === 1);
          return {
            layer,
            raw,
            amplified: raw * 2 ** chosen.slice(at).filter(Boolean).length,
            selected: chosen[at] ?? false,
          };
        }),
        { theme },
      ),
  },
  {
    name: "activations",
    shows: "outputs of each layer",
    draw: (theme) =>
      figures.activations(
        vggLayers(1, true).map(({ layer }, at) => ({
          layer,
          mean: 0.4 * Math.exp(-at / 12),
          deviation: 0.8 * Math.exp(-at / 15),
          zeroShare: 0.2 + 0.02 * at,
        })),
        { theme },
      ),
  },
  {
    name: "networkDiagram",
    shows: "the network, its amplified layers marked (ResNet-18 without its shortcut convolutions)",
    draw: (theme) => figures.networkDiagram(resnet, { theme }),
  },
  {
    name: "gradientComparison",
    shows: "several runs in one panel, or each over the first",
    draw: (theme) => figures.gradientComparison([plain, mended], { theme }),
  },
  {
    name: "runHeatmap",
    shows: "every layer of several runs at one epoch",
    draw: (theme) => figures.runHeatmap([shallow, mended, plain], { theme }),
  },
  {
    name: "histogramComparison",
    shows: "how one layer's gradients are distributed in several runs, or at several epochs",
    draw: (theme) =>
      figures.histogramComparison(
        ["original", "amplified"].map((name, at) => ({
          name,
          histograms: [
            {
              epoch: 12,
              step: 5700,
              index: 4,
              layer: "block_0_0_conv_0",
              weight: "kernel",
              low: -30,
              high: 0,
              zeros: at === 0 ? 4000 : 0,
              nonFinite: 0,
              counts: Array.from({ length: 40 }, (_, bin) =>
                Math.round(9000 * Math.exp(-(((bin - 18 - 6 * at) / 4) ** 2))),
              ),
            },
          ],
        })),
        { theme },
      ),
  },
  {
    name: "confusionMatrix",
    shows: "which classes are taken for which",
    draw: (theme) =>
      figures.confusionMatrix(
        classes.map((_, is) => classes.map((__, taken) => Math.round(is === taken ? 70 : 12 * smooth(is, taken) ** 3))),
        { theme, classes },
      ),
  },
  {
    name: "sampleGrid",
    shows: "images with their classes, and what a network took them for",
    draw: (theme) =>
      figures.sampleGrid(
        {
          pixels: Array.from({ length: 16 * 16 * 16 * 3 }, (_, at) => {
            const [image, y, x, channel] = [
              Math.floor(at / 768),
              Math.floor(at / 48) % 16,
              Math.floor(at / 3) % 16,
              at % 3,
            ];
            return Math.round(255 * smooth((x * (1 + (image % 4))) / 40 + channel, (y * (1 + (image % 3))) / 40));
          }),
          shape: [16, 16, 16, 3],
          labels: Array.from({ length: 16 }, (_, at) => at % 10),
          predicted: Array.from({ length: 16 }, (_, at) => (at % 5 === 3 ? (at + 2) % 10 : at % 10)),
        },
        { theme, classes },
      ),
  },
];
