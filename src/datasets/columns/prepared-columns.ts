import { type KindsOf, listOf as listKind, orNull, yesNo } from "../../options";
import {
  type Augmentation,
  augmentation as augmentationKind,
  type Normalisation,
  normalisation as normalisationKind,
} from "../../spec";
import { listOf } from "./arranged";
import type { Arranged, ColumnKind } from "../types";

/** What a user says of how samples are prepared. */
export interface PreparationOptions {
  /** For images `[height, width, channels]`. Default: none. */
  augmentation?: Augmentation | null;
  /**
   * For images of as many channels as `mean` has numbers; where no input is an image, for the one input of as many
   * columns. Default: none; 8-bit pixels are divided by 255 in any case.
   */
  normalisation?: Normalisation | null;
  /**
   * For each input whether it is an image: what augmentation moves and normalisation scales. Default: 8-bit pixels are,
   * and float32 samples `[height, width, channels]`; whole numbers (int32) of that shape where no other input is.
   */
  images?: readonly boolean[];
  /**
   * Whether targets are images that augmentation moves with the inputs, as masks are. Default: where they are as high and
   * wide as an image; other targets that look like images are refused beside augmentation until this is said.
   */
  imageTargets?: boolean;
}

/** What each of these may be. */
export const PREPARATION: KindsOf<PreparationOptions> = {
  augmentation: orNull(augmentationKind),
  normalisation: orNull(normalisationKind),
  images: listKind(yesNo, "a list of true and false"),
  imageTargets: yesNo,
};

/** Which columns augmentation moves and normalisation scales. */
export interface PreparedColumns {
  readonly inputs: readonly Pick<ColumnKind, "image" | "normalised">[];
  readonly imageTargets: boolean;
  /** The same of everything: inputs, targets, further targets, weights. */
  readonly all: readonly Pick<ColumnKind, "image" | "normalised">[];
}

/**
 * Finds what augmentation and normalisation are for, so that nothing else is touched: no tokens, no side inputs.
 *
 * @throws {TypeError} if there is nothing that they could be for, or more than one answer
 */
export function preparedColumns(train: Arranged<ColumnKind>, options: PreparationOptions): PreparedColumns {
  const { augmentation = null, normalisation = null } = options;
  const images = imagesAmong(train.inputs, options);
  if (augmentation && !images.includes(true))
    throw new TypeError(
      `Expected images [height, width, channels] to augment but found ${print(train.inputs)}: leave augmentation out, ` +
        "or reshape grey images to [height, width, 1]",
    );
  const normalised = normalisation ? normalisedAmong(train.inputs, images, normalisation.mean.length) : images;
  const inputs = images.map((image, at) => ({ image, normalised: normalised[at]! }));
  const pictures = train.inputs.filter((_, at) => images[at]);
  // What says how much pixels count moves with them; numbers of samples stay.
  const [imageTargets, ...more] = listOf(train)
    .slice(inputs.length)
    .map((column) => movesTargets(column, pictures, column === train.weights ? { augmentation } : options));
  const all = [...inputs, ...[imageTargets!, ...more].map((image) => ({ image, normalised: false }))];
  return { inputs, imageTargets: imageTargets!, all };
}

function imagesAmong(inputs: readonly ColumnKind[], options: PreparationOptions): boolean[] {
  const { images: declared, augmentation, normalisation } = options;
  if (declared) {
    if (declared.length !== inputs.length || !declared.every((image) => typeof image === "boolean"))
      throw new TypeError(
        `Expected images to say true or false for each of ${inputs.length} inputs but found ${JSON.stringify(declared)}`,
      );
    const odd = inputs.findIndex(({ sampleShape }, at) => declared[at] && sampleShape.length !== 3);
    if (odd >= 0)
      throw new TypeError(
        `Expected image ${odd} to have the shape [height, width, channels] but found ${print([inputs[odd]!])}: reshape ` +
          "grey images to [height, width, 1]",
      );
    return [...declared];
  }
  const shaped = inputs.map(({ sampleShape }) => sampleShape.length === 3);
  const plain = inputs.map(({ storage, pixels }, at) => pixels || (shaped[at]! && storage === "float32"));
  const whole = inputs.flatMap((_, at) => (shaped[at] && !plain[at] ? [at] : []));
  if (whole.length === 0) return plain;
  if (whole.length === 1 && !plain.includes(true)) return shaped;
  // Decoded pictures are whole numbers, and so are maps of classes and tokens in three dimensions.
  const channels = normalisation?.mean.length;
  const odd = whole.find((at) => augmentation || inputs[at]!.sampleShape[2] === channels);
  if (odd !== undefined)
    throw new TypeError(
      `Expected to be told whether input ${odd}, ${print([inputs[odd]!])} of whole numbers, is an image that is augmented ` +
        `and normalised like the others: say images: [${inputs.map((_, at) => `${plain[at]! || at === odd}`).join(", ")}], ` +
        `or false for it`,
    );
  return plain;
}

/** Images of so many channels; where there is no image, the one input of so many columns. */
function normalisedAmong(inputs: readonly ColumnKind[], images: readonly boolean[], channels: number): boolean[] {
  const fits = inputs.map(({ sampleShape }) => (sampleShape[sampleShape.length - 1] ?? 1) === channels);
  const what = images.includes(true) ? "an image" : "an input";
  const chosen = inputs.map(({ storage }, at) =>
    images.includes(true) ? images[at]! && fits[at]! : storage === "float32" && fits[at]!,
  );
  const count = chosen.filter(Boolean).length;
  if (count === 0)
    throw new TypeError(`Expected ${what} of ${channels} channels to normalise but found ${print(inputs)}`);
  if (count > 1 && !images.includes(true))
    throw new TypeError(
      `Expected one input of ${channels} columns to normalise but found ${count} among ${print(inputs)}: scale them ` +
        "before, and leave normalisation out",
    );
  return chosen;
}

function movesTargets(targets: ColumnKind, images: readonly ColumnKind[], options: PreparationOptions): boolean {
  const { augmentation, imageTargets: asked } = options;
  const shape = targets.sampleShape;
  const alike = images.some(
    ({ sampleShape: [height, width] }) => shape.length < 4 && shape[0] === height && shape[1] === width,
  );
  if (asked === true && !alike)
    throw new TypeError(
      `Expected targets that move with images to be as high and wide as one, ${print(images) || "of which there is none"}, ` +
        `but found ${print([targets])}`,
    );
  if (asked !== undefined) return asked;
  const still = !augmentation || (augmentation.pad === 0 && !augmentation.flip);
  if (alike || still || !images.some((image) => looksLike(shape, image.sampleShape))) return alike;
  throw new TypeError(
    `Expected targets to be as high and wide as the images, ${print(images)}, that augmentation moves, so that they move ` +
      `with them, but found ${print([targets])}: give them that shape, leave augmentation out, or say imageTargets: false ` +
      "where they are no images",
  );
}

/** Whether targets may be an image of another size, or one whose pixels stand in a row. */
function looksLike(shape: readonly number[], image: readonly number[]): boolean {
  const [height, width, channels] = image as [number, number, number];
  if (shape.length >= 3) return true;
  if (shape.length === 2) return shape[0]! > 1 && shape[0]! * width === shape[1]! * height;
  return shape.length === 1 && shape[0]! > 1 && [height * width, height * width * channels].includes(shape[0]!);
}

function print(columns: readonly ColumnKind[]): string {
  return columns.map(({ sampleShape }) => `[${sampleShape.join(", ")}]`).join(" ");
}
