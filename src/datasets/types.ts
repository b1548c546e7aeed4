import type { Augmentation, Normalisation } from "../spec";
import type { Tensor, Tensor1D } from "../tensorflow";

/** One input or the targets of a split, kept on the device. */
export interface Column {
  /** Shape of one sample, such as `[height, width, channels]`; `[]` for one number a sample. */
  readonly sampleShape: readonly number[];
  /** Samples. */
  readonly size: number;
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
  /** `[size, ...sampleShape]` */
  readonly tensor: Tensor;
  /**
   * The samples at the given positions, `[batch, ...sampleShape]`: inputs as float32 (pixels still 0 to 255), targets
   * as int32 labels or float32 values. Tensor ops only; nothing is read from the device.
   */
  gather(indices: Tensor1D): Tensor;
  dispose(): void;
}

/** Samples that belong together: training, validation or test. */
export interface Split {
  /** Samples. */
  readonly size: number;
  readonly inputs: readonly Column[];
  readonly targets: Column;
  dispose(): void;
}

/** What data was made by and from, as plain JSON, so that it can be made again. */
export interface DataSource {
  readonly name: "embedded" | "cifar-10" | "cifar-100" | "folder";
  /** What the function was told. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Data for training, on the device. `dispose()` frees all of it. */
export interface Dataset {
  readonly name: string;
  /** Number of classes; null where targets are no class labels. */
  readonly classes: number | null;
  /** Names by label; null where there are none. */
  readonly classNames: readonly string[] | null;
  readonly train: Split;
  readonly validation: Split | null;
  readonly test: Split | null;
  /** Applied by {@link trainingBatch} to every column that is an image; null for none. */
  readonly augmentation: Augmentation | null;
  /** Applied after padding to every input it is for that has as many channels as `mean` has numbers; null for none. */
  readonly normalisation: Normalisation | null;
  /** How to get the same data again; null (or left out) where only the caller knows. */
  readonly source?: DataSource | null;
  dispose(): void;
}
