import type { Augmentation, Normalisation } from "../spec";
import type { EpochPlanOptions } from "./batches/epoch-plan";
import type { Tensor, Tensor1D } from "../tensorflow";

/** What is known of the samples of an input or of targets, wherever they are. */
export interface ColumnKind {
  /** Shape of one sample, such as `[height, width, channels]`; `[]` for one number a sample. */
  readonly sampleShape: readonly number[];
  /** How the samples are held. tfjs labels uint8 tensors int32, and only raw ops may touch them. */
  readonly storage: "uint8" | "float32" | "int32";
  /** Whether the values are 8-bit pixels, 0 to 255, which batches hand out divided by 255. */
  readonly pixels: boolean;
  /**
   * Whether the samples are images, `[height, width, channels]`, which augmentation moves; of targets, whether they move
   * with the inputs.
   */
  readonly image: boolean;
  /** Whether the data set's normalisation is for these values, where they have as many channels. */
  readonly normalised: boolean;
}

/** One input or the targets of a split, kept on the device. */
export interface Column extends ColumnKind {
  /** Samples. */
  readonly size: number;
  /** `[size, ...sampleShape]` */
  readonly tensor: Tensor;
  /**
   * The samples at the given positions, `[batch, ...sampleShape]`: inputs as float32 (pixels still 0 to 255), targets
   * as int32 labels or float32 values. Tensor ops only; nothing is read from the device.
   */
  gather(indices: Tensor1D): Tensor;
  /** Frees its tensor. */
  dispose(): void;
}

/** Samples by what a model takes and what it is to give. */
export interface Arranged<Each> {
  /** One for each of the model's inputs, in their order. */
  readonly inputs: readonly Each[];
  /** What the model's first output is compared with. */
  readonly targets: Each;
  /** The same for its further outputs, in their order; mostly none. */
  readonly moreTargets: readonly Each[];
  /**
   * How much each sample counts in the loss, one number a sample; or each step of a sequence or pixel of an image, numbers in
   * the shape of labels, 0 for padding. Null where all count alike.
   */
  readonly weights: Each | null;
}

/** Samples of a batch, a part or a split, on the device. */
export type Columns = Arranged<Column>;

/** Samples that belong together: training, validation or test. */
export interface Split extends Columns {
  /** Samples. */
  readonly size: number;
  /** Frees its tensors. */
  dispose(): void;
}

/** In which order the samples of an epoch are read, and how they are varied. */
export interface Reading {
  /** Samples of a step: what is read holds whole batches, but for its end. */
  readonly batchSize: number;
  /** Which epoch, in its random order and varied; null for the samples in their own order, as they are. */
  readonly epoch: Omit<EpochPlanOptions, "shuffle"> | null;
  /** Labels are whole numbers below this; null where it is not known or they are no labels. */
  readonly classes: number | null;
}

/** Samples that lie on the device together: a part of an epoch, or all of it. */
export interface Part {
  /** Samples. The columns may have more rows, which are none. */
  readonly size: number;
  /** Whether none come after it. */
  readonly isLast: boolean;
  /** `[rows, 4]`, as `epochPlan` gives them: which of the columns' rows is seen when, and how it is cut. */
  readonly plan: Int32Array;
  /** What a compiled step gets of it, of the same shapes for every part but a split's that lies in memory as a whole. */
  readonly tensors: readonly Tensor[];
  /** The columns over these tensors, or over those that stand for them while a step is traced. */
  columns(tensors: readonly Tensor[]): Columns;
  dispose(): void;
}

/** Reads an epoch, part after part. */
export interface PartReader {
  /** The next part, which the caller disposes of; null at the end. */
  next(): Promise<Part | null>;
  /** Ends the reading and frees what was read ahead. */
  close(): void;
}

/** Samples that are read anew in every epoch, since they need not fit into memory. */
export interface StreamedSplit extends Arranged<ColumnKind> {
  /** Samples; null as long as nobody has read to the end. */
  readonly size: number | null;
  /**
   * Whether an epoch can be read again: `"alike"` with the same samples in the same order, `"anew"` perhaps in another,
   * `"never"` where there is one epoch only.
   */
  readonly repeats: "alike" | "anew" | "never";
  /** Begins an epoch. */
  read(reading: Reading): PartReader;
  /** Whether it was disposed of, after which nothing can be read. */
  readonly isDisposed: boolean;
  /** Equal for equal data, as far as can be told without reading all of it. */
  checksum(): Promise<string>;
  /** Stops reading and frees what is held. */
  dispose(): void;
}

/** Data for training of which only a part is in memory at a time. `dispose()` ends all reading. */
export interface StreamedDataset {
  /** What it is called in runs and figures. */
  readonly name: string;
  /** Number of classes; null where it is not known, and where targets are no labels. */
  readonly classes: number | null;
  /** Names by label; null for none. */
  readonly classNames: readonly string[] | null;
  /** What is trained on. */
  readonly train: StreamedSplit;
  /** What hyperparameters and epochs are chosen by; null for none. */
  readonly validation: Split | StreamedSplit | null;
  /** What is reported; null for none. */
  readonly test: Split | StreamedSplit | null;
  /** Of images, anew in each epoch; null for none. */
  readonly augmentation: Augmentation | null;
  /** Mean and deviation of each channel; null for none. */
  readonly normalisation: Normalisation | null;
  /** Samples of a step where nothing else is asked for: those of the first batch that was read; null for the usual. */
  readonly batchSize: number | null;
  /** How to make it again; null where only the caller knows. */
  readonly source?: DataSource | null;
  /** Stops reading and frees what is held. */
  dispose(): void;
}

/** Data to train on, in memory or read while it is needed. */
export type TrainingData = Dataset | StreamedDataset;

/** What data was made by and from, as plain JSON, so that it can be made again. */
export interface DataSource {
  /** Which data. */
  readonly name: "embedded" | "cifar-10" | "cifar-100" | "folder" | "module";
  /** What the function was told. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Data for training, on the device. `dispose()` frees all of it. */
export interface Dataset {
  /** What it is called in runs and figures. */
  readonly name: string;
  /** Number of classes; null where targets are no class labels. */
  readonly classes: number | null;
  /** Names by label; null where there are none. */
  readonly classNames: readonly string[] | null;
  /** What is trained on. */
  readonly train: Split;
  /** What hyperparameters and epochs are chosen by; null for none. */
  readonly validation: Split | null;
  /** What is reported; null for none. */
  readonly test: Split | null;
  /** Applied by {@link trainingBatch} to every column that is an image; null for none. */
  readonly augmentation: Augmentation | null;
  /** Applied after padding to every input it is for that has as many channels as `mean` has numbers; null for none. */
  readonly normalisation: Normalisation | null;
  /** How to get the same data again; null (or left out) where only the caller knows. */
  readonly source?: DataSource | null;
  /** Frees its tensors. */
  dispose(): void;
}
