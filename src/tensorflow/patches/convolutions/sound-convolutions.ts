import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { tf } from "../../loaded-tf";
import { runsOnGpu } from "../../runs-on-gpu";
import { type Patch, wrapKernel } from "../patch";

const name = "sound-convolutions";

type Shape4D = [number, number, number, number];
type Conv2DInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;
type Inputs = Readonly<Record<string, Tensor>>;

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dataFormat?: string;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly inputShape?: Shape4D;
  readonly filterShape?: Shape4D;
}

/** tfjs's kernels that run a convolution or a gradient of one, and where they tell the shapes of images and filter. */
const SHAPES: Readonly<Record<string, (inputs: Inputs, attributes: Attributes) => [Shape4D, Shape4D]>> = {
  Conv2D: ({ x, filter }) => [x!.shape as Shape4D, filter!.shape as Shape4D],
  FusedConv2D: ({ x, filter }) => [x!.shape as Shape4D, filter!.shape as Shape4D],
  Conv2DBackpropInput: ({ filter }, { inputShape }) => [inputShape!, filter!.shape as Shape4D],
  Conv2DBackpropFilter: ({ x }, { filterShape }) => [x!.shape as Shape4D, filterShape!],
};

/** Convolutions that oneDNN gets wrong are computed in another way that gives the same. */
export const soundConvolutions: Patch = {
  name,
  changes:
    `kernels ${Object.keys(SHAPES).join(", ")}, on a CPU, of a stride along the width and an output one pixel wide, ` +
    "and Conv2DBackpropFilter of 1×1 filters with a stride; filters larger than the images",
  reason:
    "oneDNN reads and writes memory that is not the tensors': wrong numbers or a crash. The narrow ones in float32 with one " +
    "input channel and in bfloat16 with any (`conv1d` with an output one long, too); the filter's gradient in both. Op by op " +
    "TensorFlow returns the images where the filter does not fit into them; that is an error",
  writtenFor: "tfjs-node 4.22, TensorFlow 2.21",
  install() {
    for (const [kernelName, shapesOf] of Object.entries(SHAPES)) {
      wrapKernel(name, kernelName, (original) => (args) => {
        const attributes = args.attrs as unknown as Attributes;
        const inputs = args.inputs as unknown as Inputs;
        const [images, filter] = shapesOf(inputs, attributes);
        const { strides, pad, dilations = 1, dimRoundingMode, dataFormat = "NHWC" } = attributes;
        if (dataFormat !== "NHWC" || runsOnGpu()) return original(args);
        const info = tf.backend_util.computeConv2DInfo(images, filter, strides, dilations, pad, dimRoundingMode);
        if (info.outHeight < 1 || info.outWidth < 1) {
          throw new RangeError(
            `Expected images at least as large as the filter, ${filter.slice(0, 2).join("×")}, but found ` +
              `${images.slice(1, 3).join("×")}: use padding "same", a smaller filter or larger images`,
          );
        }
        const run = (own: Inputs, changed: Partial<Attributes>) =>
          original({
            ...args,
            inputs: own as never,
            attrs: { ...attributes, pad: "valid", ...changed } as never,
          }) as unknown as Tensor4D;
        if (kernelName === "Conv2DBackpropFilter" && takesPixels(info)) {
          const [step, pixels] = [[1, info.strideHeight, info.strideWidth, 1], inputs["x"] as Tensor4D];
          return tf.tidy(() =>
            run({ ...inputs, x: tf.stridedSlice(pixels, [0, 0, 0, 0], pixels.shape, step) }, { strides: 1 }),
          );
        }
        if (info.outWidth !== 1 || info.strideWidth === 1) return original(args);
        const column = columnOf(images, info);
        const changed = { strides: [info.strideHeight, 1], inputShape: column.shape } satisfies Partial<Attributes>;
        return tf.tidy(() =>
          inputs["x"]
            ? run({ ...inputs, x: column.cut(inputs["x"] as Tensor4D) }, changed)
            : column.put(run(inputs, changed)),
        );
      });
    }
  },
};

/** Whether a convolution takes single pixels, and not all of them. */
function takesPixels({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: Conv2DInfo): boolean {
  const { top, bottom, left, right } = padInfo;
  return filterHeight * filterWidth === 1 && strideHeight * strideWidth > 1 && top + bottom + left + right === 0;
}

/** The part of the images that an output of one pixel's width is made of, with the padding that belongs to it. */
interface Column {
  readonly shape: Shape4D;
  /** The column of some images. */
  cut(images: Tensor4D): Tensor4D;
  /** Images that are zero but for their column. */
  put(column: Tensor4D): Tensor4D;
}

function columnOf(images: Shape4D, info: Conv2DInfo): Column {
  const [batch, height, width, channels] = images;
  const { top, bottom, left } = info.padInfo;
  const reach = info.effectiveFilterWidth;
  // What the images have to the right of the filter has no part in the output.
  const seen = Math.min(width, reach - left);
  return {
    shape: [batch, top + height + bottom, reach, channels],
    cut(x) {
      const part = tf.slice(x, 0, [batch, height, seen, channels]);
      return tf.pad(part, [[0, 0], [top, bottom], [left, reach - left - seen], [0, 0]]); // prettier-ignore
    },
    put(column) {
      const part = tf.slice(column, [0, top, left, 0], [batch, height, seen, channels]);
      return tf.pad(part, [[0, 0], [0, 0], [0, width - seen], [0, 0]]); // prettier-ignore
    },
  };
}
