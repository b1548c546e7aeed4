import { arrange, mapArranged } from "./columns/arranged";
import {
  anObject,
  anything,
  checkOptions,
  integer,
  type KindsOf,
  orNull,
  required,
  share,
  text,
  texts,
  whole,
} from "../options";
import { checkTargets } from "./columns/check-targets";
import { createDataset } from "./create-dataset";
import { splitOf, type DeviceSplit } from "./create-split";
import type { DeviceColumn } from "./columns/device-column";
import {
  PREPARATION,
  preparedColumns,
  type PreparationOptions,
  type PreparedColumns,
} from "./columns/prepared-columns";
import { selectRows } from "./columns/select-rows";
import { stratifiedSplit } from "./stratified-split";
import { tf } from "../tensorflow";
import type { Dataset, Split } from "./types";
import { valueColumn, type Samples } from "./columns/value-column";

/** Samples of one split. */
export interface SplitSamples {
  /** `[size, ...sampleShape]` */
  inputs?: Samples;
  /** In place of `inputs`, for models of several inputs: one entry each. */
  several?: readonly Samples[];
  /**
   * Class labels `[size]`, integers from 0; labels of each step of a sequence or pixel of an image, `[size, …]`;
   * one-hot rows `[size, classes]`; or float32 values of any shape for what is no classification.
   */
  targets?: Samples;
  /** In place of `targets`, for models of several outputs: one entry each. */
  severalTargets?: readonly Samples[];
  /**
   * How much each sample counts in the loss, `[size]`; or each step of a sequence or pixel of an image, in the shape of
   * `targets`, 0 for padding. Numbers from 0. Default: all alike.
   */
  weights?: Samples;
}

/** What {@link dataset} is told. */
export interface DatasetOptions extends PreparationOptions {
  /** Samples to train on. */
  train: SplitSamples;
  /** Default: none, or what `validationFraction` takes. */
  validation?: SplitSamples;
  /** Samples to report on. Default: none. */
  test?: SplitSamples;
  /** Share of the training samples, in (0, 1), held out for validation; as many of each class. Default: none. */
  validationFraction?: number;
  /** Which samples are held out. Default: 0. */
  seed?: number;
  /**
   * Number of classes; null where the targets are no labels. Default: one more than the largest label where the targets
   * are whole numbers of shape `[size]`, else null.
   */
  classes?: number | null;
  /** Names by label. Default: none. */
  classNames?: readonly string[];
  /** Default: "dataset". */
  name?: string;
}

/**
 * Puts any data onto the device for training: tensors, nested arrays or typed arrays, of any rank, with class labels or
 * other targets. Everything is checked before anything is trained; what is passed in stays the caller's.
 *
 * @param options inputs, targets, splits, augmentation and normalisation
 * @throws {TypeError} for unknown options, wrong kinds of arguments and shapes that don't belong together
 * @throws {RangeError} for labels that are no whole numbers in 0 … classes - 1, missing values (null, NaN), empty
 *   splits, wrong fractions
 *
 * @example
 * import * as ga from "gradamp";
 * const data = await ga.dataset({
 *   train: { inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0] },
 *   classNames: ["same", "different"],
 * });
 * console.log(data.classes, data.train.size); // 2 4
 * data.dispose();
 */
export async function dataset(options: DatasetOptions): Promise<Dataset> {
  checkOptions<DatasetOptions>("ga.dataset", options, OPTIONS);
  const { validationFraction, seed = 0 } = options;
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Expected seed to be an integer but found ${String(seed)}`);
  if (validationFraction !== undefined) {
    if (options.validation) throw new TypeError("Expected either validation or validationFraction but found both");
    if (typeof validationFraction !== "number")
      throw new TypeError(`Expected validationFraction to be a number but found ${typeof validationFraction}`);
    if (!(validationFraction > 0 && validationFraction < 1))
      throw new RangeError(`Expected validationFraction to lie between 0 and 1 but found ${validationFraction}`);
  }
  const splits: { train?: DeviceSplit; validation?: DeviceSplit; test?: DeviceSplit } = {};
  try {
    for (const name of ["train", "validation", "test"] as const)
      if (options[name]) splits[name] = readSplit(options[name], name);
    if (!splits.train) throw new TypeError("Expected train: { inputs, targets } but found none");
    for (const name of ["validation", "test"] as const) if (splits[name]) checkAlike(splits.train, splits[name], name);
    const classes = await checkTargets(splits, options.classes);
    if (options.classNames && options.classNames.length !== classes)
      throw new RangeError(`Expected a name for each of ${classes} classes but found ${options.classNames.length}`);
    const prepared = preparedColumns(splits.train, options);
    for (const name of ["train", "validation", "test"] as const)
      if (splits[name]) splits[name] = prepare(splits[name], prepared);
    if (validationFraction !== undefined)
      Object.assign(
        splits,
        await holdOut(
          splits.train,
          validationFraction,
          classes !== null && splits.train.targets.sampleShape.length === 0,
          seed,
        ),
      );
    return createDataset({
      name: options.name ?? "dataset",
      classes,
      classNames: options.classNames ?? null,
      train: splits.train,
      validation: splits.validation ?? null,
      test: splits.test ?? null,
      augmentation: options.augmentation ?? null,
      normalisation: options.normalisation ?? null,
    });
  } catch (error) {
    for (const split of Object.values(splits)) split.dispose();
    throw error;
  }
}

const OPTIONS: KindsOf<DatasetOptions> = {
  train: required(anObject),
  validation: anObject,
  test: anObject,
  validationFraction: share,
  seed: integer,
  classes: orNull(whole(1)),
  classNames: texts,
  name: text,
  ...PREPARATION,
};

function readSplit(samples: SplitSamples, name: string): DeviceSplit {
  checkOptions<SplitSamples>(name, samples, {
    inputs: anything,
    several: anything,
    targets: anything,
    severalTargets: anything,
    weights: anything,
  });
  const { inputs, several, targets, severalTargets, weights } = samples;
  if ((inputs === undefined) === (several === undefined))
    throw new TypeError(`Expected ${name} to have targets and either inputs or several`);
  if ((targets === undefined) === (severalTargets === undefined))
    throw new TypeError(`Expected ${name} to have targets, or severalTargets for several outputs, but not both`);
  const sought = severalTargets ?? [targets!];
  if (sought.length === 0) throw new TypeError(`Expected ${name}.severalTargets to name at least one but found none`);
  const columns: DeviceColumn[] = [];
  try {
    if (inputs !== undefined) columns.push(valueColumn(inputs, "input", `${name}.inputs`));
    for (const [i, samples] of (several ?? []).entries())
      columns.push(valueColumn(samples, "input", `${name}.several[${i}]`));
    if (columns.length === 0) throw new TypeError(`Expected ${name}.several to name at least one input but found none`);
    const like = { inputs: [...columns], targets: null, moreTargets: sought.slice(1), weights: weights ?? null };
    for (const [i, samples] of sought.entries())
      columns.push(valueColumn(samples, "target", severalTargets ? `${name}.severalTargets[${i}]` : `${name}.targets`));
    if (weights !== undefined) columns.push(weightColumn(weights, `${name}.weights`));
    const arranged = arrange(columns, like);
    const rows = arranged.targets.size;
    for (const { size } of columns)
      if (size !== rows)
        throw new TypeError(`Expected as many inputs as targets in ${name} but found ${size} and ${rows}`);
    return splitOf(arranged);
  } catch (error) {
    for (const column of columns) column.dispose();
    throw error;
  }
}

/** Samples of every split have the same shapes. */
function checkAlike(train: Split, split: Split, name: string): void {
  const shapes = (columns: Split) =>
    [...columns.inputs, columns.targets, ...columns.moreTargets]
      .map(({ sampleShape }) => `[${sampleShape.join(", ")}]`)
      .join(" ");
  if (shapes(train) !== shapes(split))
    throw new TypeError(
      `Expected samples of ${name} to have the shapes of train, ${shapes(train)}, but found ${shapes(split)}`,
    );
}

/** The same columns, with what is known of them now. */
function prepare(split: DeviceSplit, prepared: PreparedColumns): DeviceSplit {
  return splitOf(mapArranged(split, (column, _, at) => column.like(column.tensor, prepared.all[at]!)));
}

/** Divides the training split in two, and frees it. */
async function holdOut(
  train: DeviceSplit,
  fraction: number,
  stratify: boolean,
  seed: number,
): Promise<{ train: DeviceSplit; validation: DeviceSplit }> {
  const size = Math.round(train.size * fraction);
  if (size === 0 || size === train.size)
    throw new RangeError(`Expected to hold out some of ${train.size} samples but ${fraction} of them are ${size}`);
  // Where there are no classes to balance, all samples count as one.
  const labels = stratify ? await train.targets.tensor.data() : new Uint8Array(train.size);
  const [kept, held] = stratifiedSplit(labels, [train.size - size, size], { seed });
  const parts = [kept!, held!].map((indices) => splitOf(mapArranged(train, (column) => pick(column, indices))));
  train.dispose();
  return { train: parts[0]!, validation: parts[1]! };
}

/** @throws {RangeError} if a sample is to count less than nothing, or none counts */
function weightColumn(samples: Samples, what: string): DeviceColumn {
  const column = valueColumn(samples, "target", what);
  const [least, most] = tf.tidy(() => [tf.min(column.tensor).dataSync()[0]!, tf.max(column.tensor).dataSync()[0]!]);
  if (least >= 0 && most > 0) {
    if (column.storage === "float32") return column;
    const held = tf.cast(column.tensor, "float32");
    column.dispose();
    return column.like(held, { storage: "float32" });
  }
  column.dispose();
  throw new RangeError(
    least < 0
      ? `Expected ${what} to be at least 0 but found ${least}`
      : `Expected ${what} to be above 0 for some samples but found 0 for all of them`,
  );
}

function pick(column: DeviceColumn, indices: Int32Array): DeviceColumn {
  return column.like(selectRows(column, indices));
}
