import { field, type Given, integer, type Kind, oneOf, refuse, whole, yesNo } from "../options";

/** How the kernels and biases of a network start. */
export const INITIALIZERS = ["torch", "heNormal", "heUniform", "glorotNormal", "glorotUniform", "leCunNormal"] as const;
/** How kernels and biases start, by name. */
export type InitializerName = (typeof INITIALIZERS)[number];

/** The activations that VGG08 and VGG38 may have. */
export const ACTIVATIONS = ["leakyRelu", "elu", "gelu", "selu"] as const;
/** An activation of VGG08 and VGG38, by name. */
export type ActivationName = (typeof ACTIVATIONS)[number];

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
     * He's or Glorot's, VGG38's gradients don't vanish as in the literature. Default: "torch".
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
} as const;

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
