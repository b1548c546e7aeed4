import type { ModelName } from "../models";
import { NO_LABELS } from "../spec";
import type { TrialSpec } from "./trial-spec";

/**
 * Table 1's rows. Of its "VGG38 BN 1e-3" the text says that the reduction blocks had no batch norm, the number of
 * parameters that they had, so both are run.
 */
const ROWS: readonly (readonly [model: ModelName, title: string, rate: number])[] = [
  ["vgg08", "VGG08", 1e-3],
  ["vgg38", "VGG38", 1e-3],
  ["vgg38-bn", "VGG38 BN", 1e-2],
  ["vgg38-bn", "VGG38 BN", 1e-3],
  ["vgg38-bn-blocks", "VGG38 BN (blocks)", 1e-3],
  ["vgg38-rc", "VGG38 RC", 1e-3],
  ["vgg38-bn-rc", "VGG38 BN + RC", 1e-3],
  ["vgg38-bn-rc", "VGG38 BN + RC", 1e-2],
];

/** The seven configurations of the VGG08/VGG38 study, one of them both ways. */
export const VGP_PARTS: Readonly<Record<string, () => TrialSpec[]>> = {
  table1: () =>
    ROWS.map(([model, title, rate]) => ({
      id: `vgp-table1-${model}-${rate.toExponential()}`,
      name: `${title} ${rate.toExponential()}`,
      paper: "vgp",
      part: "table1",
      model: { name: model, options: { classes: 100 } },
      data: { name: "cifar-100", split: "vgp", augmentation: { pad: 4, flip: true }, limit: null, seed: 0 },
      seed: 0,
      epochs: 100,
      batchSize: 100,
      optimizer: { name: "adam", learningRate: { cosine: rate, min: 2e-5 }, weightDecay: 0 },
      stages: null,
      clipNorm: null,
      measure: { statistics: ["gradientFlow"], every: "epoch", reduce: "last" },
      validate: "epoch",
      // Every epoch, so that the accuracy at the best validation epoch needs no second evaluation.
      test: "epoch",
      testWeights: "best-validation",
      labels: {
        model: title,
        method: "original",
        ...NO_LABELS,
      },
    })),
};
