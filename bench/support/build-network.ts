import { modelByName, type ModelName } from "../../src/models";
import type { LayersModel } from "../../src/tensorflow";
import { adam, type Optimizer, sgd } from "../../src/training";
import type { BenchNetwork } from "../measure/networks";

/** What a benchmark's network is made of. */
export interface NetworkSize extends Pick<BenchNetwork, "classes"> {
  readonly network: ModelName;
  /** Null for the network's own. */
  readonly width: number | null;
}

export function buildModel({ network, classes, width }: NetworkSize): LayersModel {
  return modelByName(network, { classes, ...(width !== null && { width }) });
}

/** The network's optimizer, made by gradamp. */
export function buildOptimizer({
  optimizer,
  learningRate,
}: Pick<BenchNetwork, "optimizer" | "learningRate">): Optimizer {
  return optimizer === "adam" ? adam({ learningRate }) : sgd({ learningRate, momentum: 0.9 });
}
