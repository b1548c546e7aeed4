import type { Tensor, Tensor4D, TensorInfo } from "@tensorflow/tfjs";
import { hasOwnConvolutions } from "../../graph-binding";
import { type FilterGradientAttributes, filterGradientByIm2col } from "../../im2col-products";
import { type Patch, wrapKernel } from "../patch";

const name = "own-convolutions";

/** What gradamp's own ops are called: as TensorFlow's with this before it, whose inputs and attributes they share. */
const OWN = "Gradamp";
/** What both numbers of channels are a multiple of. */
const CHANNEL_STEP = 16;
/** With fewer tiles of 2×2 outputs in a batch, transforming the filter would not be worth it. */
const FEWEST_TILES = 64;
/** So many channels whose filter's 16 transforms stay in a processor's cache; with more it takes more tiles. */
const CACHED_CHANNELS = 256;
const MOST_CHANNELS = 512;
const FEWEST_TILES_OF_MANY_CHANNELS = 1024;

/** tfjs's kernels that run one of the ops, and where they tell the shapes of images and filter. */
const SHAPES: Readonly<Record<string, (inputs: Tensors, attributes: Attributes) => [Shape, Shape]>> = {
  Conv2D: ({ x, filter }) => [x!.shape, filter!.shape],
  FusedConv2D: ({ x, filter }) => [x!.shape, filter!.shape],
  Conv2DBackpropInput: ({ filter }, { inputShape }) => [inputShape!, filter!.shape],
  Conv2DBackpropFilter: ({ x }, { filterShape }) => [x!.shape, filterShape!],
};

type Shape = readonly number[];
type Tensors = Readonly<Record<string, Tensor>>;
interface Attributes {
  readonly strides: number | Shape;
  readonly pad: unknown;
  readonly dataFormat: string;
  readonly dilations?: number | Shape;
  readonly inputShape?: Shape;
  readonly filterShape?: Shape;
}

/** TensorFlow's op in the place of one of gradamp's: the same convolution, computed as its definition says. */
export const stockConvolution = (op: string): string => (/^GradampConv2D/.test(op) ? op.slice(OWN.length) : op);

interface Backend {
  executeSingleOutput(op: string, ...rest: unknown[]): Tensor;
}

/** A backend whose convolutions are gradamp's own; what else it does and holds is the other's. */
function withOwnConvolutions(stock: Backend): Backend {
  return Object.create(stock, {
    executeSingleOutput: {
      value: (op: string, ...rest: unknown[]) => stock.executeSingleOutput(/^Conv2D/.test(op) ? OWN + op : op, ...rest),
    },
  }) as Backend;
}

/**
 * Lets tfjs run 3×3 convolutions of stride 1, and their gradients, by gradamp's own ops, which need 16 multiplications
 * where the definition has 36 (Winograd's minimal filtering), and other filters' gradients, where images are small, as
 * matrix products.
 *
 * The first take a half to two thirds of the time of TensorFlow's, which are oneDNN's; both are as exact as sums in
 * another order. What else there is stays with TensorFlow: other sizes and strides, odd images, channels that are no
 * multiple of 16 or above 512, and everything on a GPU.
 */
export const ownConvolutions: Patch = {
  name,
  changes: `kernels ${Object.keys(SHAPES).join(", ")}, on a CPU`,
  reason: "3×3 convolutions take a half to two thirds of the time; `GRADAMP_STOCK_OPS=1` leaves them to TensorFlow",
  writtenFor: "tfjs-node 4.22, TensorFlow 2.21",
  install() {
    for (const [kernelName, shapesOf] of Object.entries(SHAPES)) {
      wrapKernel(name, kernelName, (original) => (args) => {
        const attributes = args.attrs as unknown as Attributes;
        const inputs = args.inputs as unknown as Tensors;
        const [images, filter] = shapesOf(inputs, attributes);
        if (!isPlain(attributes, inputs, filter) || !hasOwnConvolutions()) return original(args);
        if (isForWinograd(attributes, images, filter)) {
          return original({ ...args, backend: withOwnConvolutions(args.backend as Backend) });
        }
        return productFor(kernelName, inputs, attributes) ?? original(args);
      });
    }
  },
};

/** Float32, channels last and in whole registers, no gaps in the filter. */
function isPlain({ dataFormat, dilations = 1 }: Attributes, inputs: Tensors, [, , ...channels]: Shape): boolean {
  return (
    Object.values(inputs).every((tensor) => !tensor || tensor.dtype === "float32") &&
    dataFormat === "NHWC" &&
    areOnes(dilations) &&
    channels.every((count) => count % CHANNEL_STEP === 0 && count > 0)
  );
}

function isForWinograd({ strides, pad }: Attributes, images: Shape, filter: Shape): boolean {
  const [batch = 0, height = 0, width = 0] = images;
  const [filterHeight, filterWidth, ...channels] = filter;
  const mostChannels = Math.max(...channels);
  const fewestTiles = mostChannels <= CACHED_CHANNELS ? FEWEST_TILES : FEWEST_TILES_OF_MANY_CHANNELS;
  return (
    areOnes(strides) &&
    pad === "same" &&
    filterHeight === 3 &&
    filterWidth === 3 &&
    height % 2 === 0 &&
    width % 2 === 0 &&
    (batch * height * width) / 4 >= fewestTiles &&
    mostChannels <= MOST_CHANNELS
  );
}

function productFor(kernelName: string, { x, dy }: Tensors, attributes: Attributes): TensorInfo | null {
  if (kernelName !== "Conv2DBackpropFilter") return null;
  return filterGradientByIm2col(x as Tensor4D, dy as Tensor4D, attributes as unknown as FilterGradientAttributes);
}

const areOnes = (value: number | Shape) => [value].flat().every((each) => each === 1);
