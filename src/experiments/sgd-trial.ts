import { NO_LABELS, type StagePlan, type StageTuple } from "../spec";
import type { ModelName } from "../models";
import type { ResolvedProtocol } from "./protocol-options";
import type { Paper } from "./published";
import type { TrialLabels, TrialSpec } from "./trial-spec";

/** The networks of the 2020 and 2023 papers, as `ga.published` calls them. */
export const MODEL_TITLES = {
  vgg19: "VGG-19",
  resnet18: "ResNet-18",
  resnet34: "ResNet-34",
  resnet50: "ResNet-50",
  resnet101: "ResNet-101",
} as const;
export type StudiedModel = keyof typeof MODEL_TITLES;

/** Both papers' schedule without amplification. */
export const PLAIN_STAGES: readonly StageTuple[] = [
  [50, 0.1, 0, 1],
  [100, 0.1, 0, 1],
  [130, 0.01, 0, 1],
  [150, 0.01, 0, 1],
];

/** What one trial of the 2020 and 2023 protocols has of its own. */
export interface SgdTrial {
  readonly paper: Paper;
  readonly part: string;
  /** After model and part, what makes the trial's id unique; without seed. */
  readonly key: string;
  readonly model: StudiedModel;
  readonly dataset: "cifar-10" | "cifar-100";
  readonly list: readonly StageTuple[];
  readonly labels: Partial<TrialLabels> & { readonly method: string };
  readonly intelligent?: StagePlan["intelligent"];
  readonly seed?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly augmented?: boolean;
}

/** A schedule of the papers' notation; that it makes sense is for whoever runs it to check. */
export function planOf(
  list: readonly StageTuple[],
  { group, scope, intelligent }: Pick<StagePlan, "group" | "scope" | "intelligent">,
): StagePlan {
  const stages = list.map(([end, learningRate, ampRatio, ampFactor]) => ({ end, learningRate, ampRatio, ampFactor }));
  return { stages, group, scope, resetOptimizer: true, intelligent };
}

/**
 * A trial with the settings that the 2020 and 2023 papers share.
 *
 * The papers say `sgd_optimizer(η)` and no more; momentum 0.9, no weight decay, batches of 128, and crops and mirroring
 * are gradamp's reading (docs/method.md), and the calibration part varies them.
 */
export function sgdTrial(own: SgdTrial, protocol: ResolvedProtocol): TrialSpec {
  const { paper, part, key, model, dataset, list, intelligent = null, seed = 0 } = own;
  const { momentum = 0.9, weightDecay = protocol.weightDecay, augmented = true } = own;
  const labels: TrialLabels = {
    model: MODEL_TITLES[model],
    ...NO_LABELS,
    ...own.labels,
  };
  return {
    id: [paper, part, model, dataset, key, seed].filter((word) => word !== "").join("-"),
    name: [labels.model, key.replaceAll("-", " "), seed > 0 ? `seed ${seed}` : ""].filter(Boolean).join(" "),
    paper,
    part,
    model: { name: model satisfies ModelName, options: { classes: dataset === "cifar-10" ? 10 : 100 } },
    data: {
      name: dataset,
      split: protocol.split,
      augmentation: augmented ? { pad: 4, flip: true } : null,
      limit: null,
      seed: 0,
    },
    seed,
    epochs: list.at(-1)![0],
    batchSize: 128,
    optimizer: { name: "sgd", momentum, weightDecay },
    stages: planOf(list, { group: labels.group, scope: protocol.scope, intelligent }),
    clipNorm: null,
    measure: { statistics: ["gradientFlow"], every: "epoch", reduce: "last" },
    validate: "epoch",
    test: "epoch",
    testWeights: "last",
    labels,
  };
}
