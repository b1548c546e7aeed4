import {
  field,
  type Given,
  integer,
  type Kind,
  listOf,
  nearest,
  needed,
  number,
  objectOf,
  oneOf,
  orNull,
  refuse,
  text,
  value,
  whole,
  yesNo,
} from "../options";

/** How training images are varied: zero-padded on every side, cropped back at random, mirrored at random. */
export interface Augmentation {
  /** Black pixels added on each side before a crop of the original size is taken; 0 for no crop. */
  readonly pad: number;
  /** Whether each image is mirrored left to right with probability 1/2. */
  readonly flip: boolean;
}

/** What is subtracted from, and what then divides, each channel (the last dimension) of an input. */
export interface Normalisation {
  /** One number a channel; for 8-bit pixels in units of pixel / 255. */
  readonly mean: readonly number[];
  /** One number a channel, greater than 0; for 8-bit pixels in units of pixel / 255. */
  readonly std: readonly number[];
}

/**
 * How the 50,000 training images are divided; the 10,000 test images are never touched.
 *
 * - `"vgp"`: 47,500 for training and 2,500 for validation, the protocol of the vanishing gradient study
 * - `"train-test"`: all 50,000 for training and none for validation, the papers of 2020 and 2023
 * - `"held-out"`: 45,000 for training and 5,000 for validation, so that choices need not be made on test images
 * - `{ validation }`: that many images for validation
 *
 * Validation images are a seeded sample with as many of each class.
 */
export type CifarSplit = "vgp" | "train-test" | "held-out" | { readonly validation: number };
const SPLITS = ["vgp", "train-test", "held-out"] as const;

/** The defaults of the sets of CIFAR's layout. */
export const CIFAR_DEFAULTS = {
  augmentation: { pad: 4, flip: true },
  normalisation: { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
} as const;

const channel = number("to be a number", () => true);
const deviation = number("to be above 0", (found) => found > 0);

/** Augmentation as an option. */
export const augmentation: Kind<Augmentation> = objectOf({
  pad: needed(whole(0, "to be an integer of at least 0 pixels"), "black pixels on each side before a crop"),
  flip: needed(yesNo, "whether images are mirrored at random"),
} as const);

const NORMALISATION = {
  mean: needed(listOf(channel, "a list of a mean for each channel"), "what is subtracted from each channel"),
  std: needed(listOf(deviation, "a list of a deviation for each channel"), "what divides each channel"),
} as const;

/** Normalisation as an option. */
export const normalisation: Kind<Normalisation> = {
  ...objectOf(NORMALISATION),
  read(given, name) {
    const found = objectOf(NORMALISATION).read(given, name);
    if (found.mean.length !== found.std.length)
      throw new RangeError(
        `Expected ${name} to have as many means as deviations but found ${found.mean.length} and ${found.std.length}`,
      );
    return found;
  },
};

const split: Kind<CifarSplit> = {
  expected: `to be "vgp", "train-test", "held-out" or { validation }`,
  read(given, name) {
    if (SPLITS.includes(given as "vgp")) return given as "vgp";
    if (typeof given === "object" && given !== null && !Array.isArray(given)) {
      const { validation } = given as { validation?: unknown };
      if (typeof validation === "number" && validation > 0 && validation < 1)
        throw new RangeError(
          `Expected ${name}.validation to be a number of images but found the share ${validation}: of the 50,000 that are ` +
            `${Math.round(50_000 * validation)}`,
        );
      return objectOf({ validation: needed(whole(0), "how many images are held out") } as const).read(given, name);
    }
    const near = typeof given === "string" ? nearest(given, SPLITS) : null;
    return refuse(
      name,
      this.expected,
      given,
      typeof given === "string",
      near === null ? "" : `did you mean "${near}"?`,
    );
  },
  fromText: (word) => (/^\d+$/.test(word) ? { validation: Number(word) } : word),
};

const LIMIT = {
  train: field(whole(1), undefined, "at most so many training images", { flag: "--train-images <number>" }),
  validation: field(whole(0), undefined, "at most so many validation images", { flag: "--validation-images <number>" }),
  test: field(whole(0), undefined, "at most so many test images", { flag: "--test-images <number>" }),
} as const;
const limit = objectOf(LIMIT) as Kind<Given<typeof LIMIT>>;

const callback = value<(progress: { done: number; total: number }) => void>(
  "to be a function",
  (found) => typeof found === "function",
);
const PROGRESS = field(callback, undefined, "called with how many of how many images are there", {
  decidesNothing: true,
  onlyJavaScript: true,
});
const AUGMENTATION = field(
  orNull(augmentation),
  CIFAR_DEFAULTS.augmentation,
  "pad-4 crops and mirroring; null for none",
  { isSpelled: true },
);
const NORMALISED = field(orNull(normalisation), CIFAR_DEFAULTS.normalisation, "mean and deviation of each channel; null for pixel / 255"); // prettier-ignore
const DATA_SEED = { flag: "--data-seed <number>", isSpelled: true } as const;

/** Options of the embedded data. */
export const EMBEDDED = {
  /** Training images. Default: 2,000. */
  train: field(whole(1, "to be an integer of at least 1 images"), 2000, "training images", {
    flag: "--train-images <number>",
    isSpelled: true,
  }),
  /** Validation images; 0 for no such split. Default: 500. */
  validation: field(whole(0, "to be an integer of at least 0 images"), 500, "validation images; 0 for no such split", {
    flag: "--validation-images <number>",
    isSpelled: true,
  }),
  /** Test images; 0 for no such split. Default: 1,000. */
  test: field(whole(0, "to be an integer of at least 0 images"), 1000, "test images; 0 for no such split", {
    flag: "--test-images <number>",
    isSpelled: true,
  }),
  /**
   * 10 shapes, mostly with a texture of their own each, or all 100 combinations of a shape and a texture. Default: 10.
   */
  classes: field(oneOf(10, 100), 10, "10 shapes, or all 100 combinations of a shape and a texture", {
    flag: "--data-classes <number>",
    isSpelled: true,
  }),
  /** Which images are drawn. Default: 0. */
  seed: field(integer, 0, "which images are drawn", DATA_SEED),
  /** Default: `{ pad: 4, flip: true }`; null for none. */
  augmentation: AUGMENTATION,
  /** Default: CIFAR's constants, so that the same network takes either; null for pixel / 255. */
  normalisation: NORMALISED,
} as const;

/** Options of CIFAR-10. */
export const CIFAR10 = {
  /**
   * Folder that holds `cifar-10-batches-bin` or `cifar-100-binary`. Default: `GRADAMP_DATA`, else the cache's `data/`.
   */
  dir: field(text, undefined, "folder that holds the set; by default GRADAMP_DATA, else the cache's data/", {
    decidesNothing: true,
    flag: "--data-dir <folder>",
  }),
  /** Default: `"held-out"` for CIFAR-10 and `"vgp"` for CIFAR-100. */
  split: field<CifarSplit, CifarSplit>(
    split,
    "held-out",
    "how the training images are divided: vgp, train-test, held-out, or a number of validation images",
    {
      isSpelled: true,
    },
  ),
  /** Which images are held out, and which a limit keeps. Default: 0. */
  seed: field(integer, 0, "which images are held out, and which a limit keeps", DATA_SEED),
  /** At most so many images of each split, a seeded sample with as many of each class. Default: all. */
  limit: field(orNull(limit), null, "at most so many images of each split; null for all", { isSpelled: true }),
  /** Default: `{ pad: 4, flip: true }`; null for none. */
  augmentation: AUGMENTATION,
  /**
   * Default: the constants of CIFAR-10's training images, which the studies use for both sets; null for pixel / 255.
   */
  normalisation: NORMALISED,
  /** Called as images are uploaded, with how many of how many. */
  onProgress: PROGRESS,
} as const;

/** Options of CIFAR-100. */
export const CIFAR100 = {
  ...CIFAR10,
  /** Default: `"vgp"`. */
  split: field<CifarSplit, CifarSplit>(split, "vgp", CIFAR10.split.help, { isSpelled: true }),
  /** The 100 fine classes or the 20 coarse ones. Default: `"fine"`. */
  labels: field(oneOf("fine", "coarse"), "fine", "the 100 fine classes or the 20 coarse ones", {
    flag: "--data-labels <name>",
  }),
} as const;

const fraction = number("to lie in [0, 1)", (found) => found >= 0 && found < 1);
const size: Kind<readonly [number, number]> = {
  expected: "to be [height, width] in pixels",
  read(given, name) {
    if (!Array.isArray(given) || given.length !== 2 || !given.every((side) => Number.isInteger(side) && side > 0))
      refuse(name, this.expected, given, Array.isArray(given));
    return given as [number, number];
  },
  fromText: (word) => word.split(",").map(Number),
};

/** Options of a folder of images. */
export const IMAGE_FOLDER = {
  /** Height and width that every image is resized to, in pixels. Default: [32, 32], which the papers' networks take. */
  size: field(size, [32, 32] as readonly [number, number], "height and width that every image is resized to"),
  /** Share of the images, in [0, 1), held out for validation; as many of each class. Default: 0.1; 0 for none. */
  validationFraction: field(fraction, 0.1, "share of the images held out for validation"),
  /** Share of the images, in [0, 1), held out for the test; as many of each class. Default: 0; 0 for none. */
  testFraction: field(fraction, 0, "share of the images held out for the test"),
  /** Which images are held out. Default: 0. */
  seed: field(integer, 0, "which images are held out", DATA_SEED),
  /** Default: the folder's path. */
  name: field(text, undefined, "what the set is called; by default the folder's path"),
  /** Default: `{ pad: 0, flip: true }`; null for none. */
  augmentation: field(orNull(augmentation), { pad: 0, flip: true }, "crops and mirroring; null for none"),
  /** Default: none, pixel / 255. */
  normalisation: field(orNull(normalisation), null, "mean and deviation of each channel; null for pixel / 255"),
  /**
   * Whether images are decoded while training goes on, epoch after epoch, rather than once beforehand: for folders that
   * do not fit into memory. The numbers of a training are the same. Default: false.
   */
  lazy: field(yesNo, false, "whether images are decoded while training goes on, for what does not fit into memory"),
  /** Called after each image, with how many of how many. */
  onProgress: PROGRESS,
} as const;

/** What {@link embedded} may be told. */
export type EmbeddedOptions = Given<typeof EMBEDDED>;
/** What {@link cifar10} may be told. */
export type CifarOptions = Given<typeof CIFAR10>;
/** What {@link cifar100} may be told. */
export type Cifar100Options = Given<typeof CIFAR100>;
/** What {@link imageFolder} may be told. */
export type ImageFolderOptions = Given<typeof IMAGE_FOLDER>;
