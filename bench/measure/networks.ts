import type { ModelName } from "../../src/models";

/** How a network is trained in the benchmark, by gradamp and by everything that it is compared with. */
export interface BenchNetwork {
  readonly batch: number;
  readonly classes: number;
  /** Adam, or SGD with momentum 0.9; no weight decay. */
  readonly optimizer: "adam" | "sgd";
  readonly learningRate: number;
  /** Steps of an epoch of the data that gradamp gets: what a repeat takes, at the least. */
  readonly steps: number;
}

const constantWidth = { batch: 100, classes: 100, optimizer: "adam", learningRate: 1e-3 } as const;
const wide = { batch: 128, classes: 10, optimizer: "sgd", learningRate: 0.01, steps: 3 } as const;

/** The networks of the benchmark, all on 32×32 images; the first four of width 32, the others of width 64. */
export const NETWORKS = {
  vgg08: { ...constantWidth, steps: 20 },
  vgg38: { ...constantWidth, steps: 5 },
  "vgg38-bn": { ...constantWidth, steps: 5 },
  "vgg38-bn-rc": { ...constantWidth, steps: 5 },
  vgg19: wide,
  resnet18: wide,
  resnet50: wide,
} as const satisfies Partial<Record<ModelName, BenchNetwork>>;

export type NetworkName = keyof typeof NETWORKS;
export const networkNames = Object.keys(NETWORKS) as readonly NetworkName[];
