import type { TrainingData } from "../datasets";
import type { WeightTensor } from "../gradients";
import type { LayersModel } from "../tensorflow";
import type { ResolvedOptions } from "./resolve-options";
import type { Run } from "./run";
import type { TrainingRecorder } from "./training-state";

/** What a training stands on. */
export interface Training {
  readonly run: Run;
  readonly model: LayersModel;
  readonly dataset: TrainingData;
  /** What `weightTensors(model)` gave. */
  readonly weights: readonly WeightTensor[];
  readonly options: ResolvedOptions;
  readonly signal: AbortSignal | null;
  readonly recorder: TrainingRecorder;
}
