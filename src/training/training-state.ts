import type { DirectionalityRow, StageStart } from "../rows";

/** A tensor's values on the host. */
export interface SavedTensor {
  /** Its dimensions. */
  readonly shape: readonly number[];
  /** In row-major order. */
  readonly values: Float32Array | Int32Array;
}

/** Where training stands between two epochs. */
export interface TrainingPosition {
  /** Complete epochs; 0 before the first. */
  readonly epoch: number;
  /** Steps since the start of the run. */
  readonly step: number;
  /** Steps since the optimizer was new or last reset. */
  readonly optimizerSteps: number;
  /** Every stage so far with its random layers; the last one may go on. */
  readonly stages: readonly StageStart[];
  /** The directionality that the latest selection by gradients was made from; none where there was none. */
  readonly analysed: readonly DirectionalityRow[];
  /** The rate that a callback has set; null, or left out, where the schedule holds. */
  readonly learningRate?: number | null;
}

/**
 * All that training needs to go on after an epoch as though it had never stopped. Shuffling, augmentation and random
 * selections need no state: they are drawn anew from seed and epoch.
 */
export interface TrainingState extends TrainingPosition {
  /** `model/…` are the model's weights, `optimizer/…` the optimizer's slots, `best/…` the best epoch's weights where it ends with them, `average/…` averages of the weights where there are such. */
  readonly tensors: ReadonlyMap<string, SavedTensor>;
}

/** Where training stands, whose tensors can be read until training goes on. */
export interface TrainingSnapshot extends TrainingPosition {
  /** Copies the tensors to the host. */
  read(): Promise<TrainingState>;
}

/** How training is watched over and taken up again, by who records runs; training itself knows no files. */
export interface TrainingRecorder {
  /** Where to go on; null for the beginning. Default: null. */
  readonly from?: TrainingState | null;
  /** Awaited before the first epoch and after each complete one, once its rows are out; what it throws ends the run. */
  onSnapshot?(snapshot: TrainingSnapshot): void | Promise<void>;
}
