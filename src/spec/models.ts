import { field, type Given, integer, type Kind, number, oneOf, orNull, refuse, whole, yesNo } from "../options";

/** How the kernels and biases of a network start. */
export const INITIALIZERS = [
  "torch",
  "heNormal",
  "heUniform",
  "glorotNormal",
  "glorotUniform",
  "leCunNormal",
  "orthogonal",
  "deltaOrthogonal",
] as const;
/** How kernels and biases start, by name. */
export type InitializerName = (typeof INITIALIZERS)[number];

/** The activations that VGG08 and VGG38 may have. */
export const ACTIVATIONS = ["leakyRelu", "elu", "gelu", "selu"] as const;
/** An activation of VGG08 and VGG38, by name. */
export type ActivationName = (typeof ACTIVATIONS)[number];

/** The kinds of normalization that VGG08 and VGG38 may have. */
export const NORMS = ["batch", "layer", "group"] as const;
/** A kind of normalization of VGG08 and VGG38, by name. */
export type NormName = (typeof NORMS)[number];

const rate = number("to be at least 0 and below 1", (found) => found >= 0 && found < 1);
const atLeastOne = whole(1, "to be an integer not below 1");

/** Images large enough for a network that halves them a few times. */
function inputShape(least: number, why: string): Kind<readonly [number, number, number]> {
  return {
    expected: "to be [height, width, channels]",
    read(value, name) {
      if (!Array.isArray(value) || value.length !== 3) refuse(name, this.expected, value, false);
      const [height, width, channels] = value as [number, number, number];
      for (const [side, size] of Object.entries({ height, width, channels }))
        atLeastOne.read(size, `the ${side} of ${name}`);
      if (height < least || width < least)
        throw new RangeError(
          `Expected ${name} to be at least ${least} by ${least} (${why}) but found [${height},${width},${channels}]`,
        );
      return [height, width, channels];
    },
    fromText: (text) => text.split(",").map(Number),
  };
}

/** What the networks take alike. */
function common(classes: number, width: number, shape: Kind<readonly [number, number, number]>) {
  return {
    /** Number of classes, the size of the output. */
    classes: field(atLeastOne, classes, "number of classes, the size of the output"),
    /** Channels of the first convolution; all others are in proportion. */
    width: field(atLeastOne, width, "channels of the first convolution; all others are in proportion", {
      flag: "--width <channels>",
    }),
    /** [height, width, channels] of an image. Default: [32, 32, 3]. */
    inputShape: field(shape, [32, 32, 3], "height, width and channels of an image", {
      flag: "--input-shape <list>",
    }),
    /**
     * Fixes the initial weights; equal seeds, equal weights. Default: 0; a trial's own seed where a trial names the
     * network.
     */
    seed: field(integer, 0, "of the initial weights; the run's own where it is given by name", {
      flag: "--model-seed <number>",
    }),
    /**
     * How kernels and biases start: PyTorch's U(±1/√fan-in) for both, or a kernel initialiser and zero biases. With
     * He's or Glorot's, VGG38's gradients don't vanish as in the literature. Orthogonal and delta-orthogonal kernels (see
     * `ga.orthogonal`, `ga.deltaOrthogonal`) have gain √2 as He's, and 1 with SELU. tfjs's `heNormal` and `glorotNormal` cut the
     * normal off at two deviations and have 0.78 of the variance. Default: "torch".
     */
    initializer: field(oneOf(...INITIALIZERS), "torch", "how kernels and biases start"),
  } as const;
}

const halvedThrice = inputShape(8, "it is halved three times");

/** Options of VGG-19 and of the residual networks. */
export const IMAGE_CLASSIFIER = common(10, 64, halvedThrice);

/** Options of VGG-19, which halves its images five times. */
export const VGG19 = common(10, 64, inputShape(32, "it is halved five times"));

/** Options of VGG08 and VGG38. */
export const CONSTANT_WIDTH_VGG = {
  ...common(100, 32, halvedThrice),
  /**
   * Where batch normalization stands: `true` or `"all"` after every convolution, `"blocks"` after those of the
   * processing blocks only, `false` nowhere. After the first convolution it always does. Default: false.
   */
  batchNorm: field(oneOf(true, false, "all", "blocks"), false, "where batch normalisation stands: after every convolution, in the processing blocks, or after the first convolution only", { flag: "--batch-norm <where>" }), // prettier-ignore
  /** Adds the input of each processing block to its second convolution, before the last leaky ReLU. Default: false. */
  residual: field(yesNo, false, "whether each processing block's input is added to its second convolution"),
  /**
   * What follows each convolution: leaky ReLU of slope 0.01 as in the papers, ELU (α = 1), exact GELU, or SELU. With SELU
   * kernels start by LeCun's normal initialiser, which it is made for, unless `initializer` is given. Sources: Clevert et
   * al. 2016, Hendrycks and Gimpel 2016, Klambauer et al. 2017. Default: "leakyRelu".
   */
  activation: field(oneOf(...ACTIVATIONS), "leakyRelu", "what follows each convolution; with selu kernels start by leCunNormal unless initializer is given"), // prettier-ignore
  /**
   * What stands where `batchNorm` says that normalization stands, after the first convolution in any case: batch norm, layer
   * norm of each sample's channels and positions together (PyTorch's `nn.GroupNorm(1, width)`), or group norm of eight groups, or
   * of as many as divide both 8 and the width. Sources: Ba et al. 2016, Wu and He 2018. Default: "batch".
   */
  norm: field(oneOf(...NORMS), "batch", "which normalisation stands where batchNorm says, and after the first convolution", { flag: "--norm <kind>" }), // prettier-ignore
  /**
   * Has the norms and activations of the processing blocks before their convolutions, so that nothing but additions lies on
   * the shortcut; a norm (where blocks have one) and an activation close each stage. Needs `residual`. Source: He et al. 2016,
   * "Identity mappings". Default: false.
   */
  preActivation: field(yesNo, false, "whether residual blocks have norm and activation before their convolutions"),
  /**
   * IC layers: normalization and dropout of this rate directly before the weights of every convolution but the first and of
   * the linear layer; 0 has the normalization alone, null no such layers. Without `batchNorm` as in the source, which drops 0.05;
   * with it both stand. Source: Chen et al. 2019, "Rethinking the usage of batch normalization and dropout". Default: null.
   */
  icDropout: field(orNull(rate), null, "rate of dropout in IC layers, normalisation and dropout before the weights; 0 has the normalisation alone", { flag: "--ic-dropout <rate>" }), // prettier-ignore
} as const;

/**
 * Refuses options of VGG08 and VGG38 that cannot stand together.
 *
 * @param network its name, as "vgg38-rc"
 * @throws {RangeError} for blocks with activations first where there are no blocks, or none with a shortcut
 */
export function checkConstantWidthVgg(
  network: string,
  options: Readonly<Record<"preActivation" | "residual", unknown>>,
): void {
  if (options.preActivation !== true) return;
  if (network.startsWith("vgg08"))
    throw new RangeError(
      "Expected preActivation to be false for VGG08, which has no residual blocks, but found true: take VGG38",
    );
  if (options.residual === true || network.endsWith("-rc")) return;
  throw new RangeError(
    "Expected residual to be true with preActivation but found false: only beside a shortcut does it matter what comes first",
  );
}

/** Options of {@link vgg19} and of the residual networks. */
export type ImageClassifierOptions = Given<typeof IMAGE_CLASSIFIER>;

/** Options of {@link vgg08} and {@link vgg38}. */
export type ConstantWidthVggOptions = Given<typeof CONSTANT_WIDTH_VGG>;

/** The networks by name, with the options of each; `-bn` and `-rc` fix what they stand for. */
export const MODELS = {
  vgg08: CONSTANT_WIDTH_VGG,
  "vgg08-bn": CONSTANT_WIDTH_VGG,
  vgg38: CONSTANT_WIDTH_VGG,
  "vgg38-bn": CONSTANT_WIDTH_VGG,
  "vgg38-bn-blocks": CONSTANT_WIDTH_VGG,
  "vgg38-rc": CONSTANT_WIDTH_VGG,
  "vgg38-bn-rc": CONSTANT_WIDTH_VGG,
  vgg19: VGG19,
  resnet18: IMAGE_CLASSIFIER,
  resnet34: IMAGE_CLASSIFIER,
  resnet50: IMAGE_CLASSIFIER,
  resnet101: IMAGE_CLASSIFIER,
} as const;
/** The name of a network that gradamp builds, as "vgg38". */
export type ModelName = keyof typeof MODELS;
