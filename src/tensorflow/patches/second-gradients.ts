import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { attribute, rawOp } from "../raw-op";
import { padTensor, pool3dPaddings, poolPaddings } from "./explicit-padding";
import { addGradient, addKernel, type Gradient, type KernelFunction, type Patch } from "./patch";

type Inputs = Readonly<Record<string, Tensor>>;

const run = (kernel: string, inputs: Inputs, attributes: object): Tensor =>
  tf.engine().runKernel(kernel, inputs, attributes as never) as Tensor;

/** What a convolution and its gradients are told alike: no shape of one of them, and dilations, which gradients leave out. */
const sharedOf = ({ inputShape: _, filterShape: __, ...shared }: Record<string, unknown>): object => ({
  dilations: 1,
  ...shared,
});

/** The gradients of a convolution's gradient by its images, which is linear in the gradient and in the filter. */
function byImages(convolution: string, byFilter: string): Omit<Gradient, "kernelName"> {
  return {
    inputsToSave: ["dy", "filter"],
    gradFunc: (ddx, [dy, filter], attributes) => {
      const shared = sharedOf({ ...attributes });
      const x = ddx as Tensor;
      return {
        dy: () => run(convolution, { x, filter: filter! }, shared),
        filter: () => run(byFilter, { x, dy: dy! }, { ...shared, filterShape: filter!.shape }),
      };
    },
  };
}

/** The gradients of a convolution's gradient by its filter, which is linear in the images and in the gradient. */
function byFilter(convolution: string, byImages: string): Omit<Gradient, "kernelName"> {
  return {
    inputsToSave: ["x", "dy"],
    gradFunc: (ddf, [x, dy], attributes) => {
      const shared = sharedOf({ ...attributes });
      const filter = ddf as Tensor;
      return {
        x: () => run(byImages, { dy: dy!, filter }, { ...shared, inputShape: x!.shape }),
        dy: () => run(convolution, { x: x!, filter }, shared),
      };
    },
  };
}

/** Of a pooling whose gradient is linear in dy: what the pooling does to a change of the result. */
const ofAveraging = (pooling: string): Omit<Gradient, "kernelName"> => ({
  inputsToSave: ["input"],
  gradFunc: (ddx, [input], attributes) => ({
    dy: () => run(pooling, { x: ddx as Tensor }, attributes),
    input: () => tf.zerosLike(input!),
  }),
});

const ofMaximum = (second: string): Omit<Gradient, "kernelName"> => ({
  inputsToSave: ["input", "output"],
  gradFunc: (ddx, [input, output], attributes) => ({
    dy: () => run(second, { ddx: ddx as Tensor, input: input!, output: output! }, attributes),
    input: () => tf.zerosLike(input!),
    output: () => tf.zerosLike(output!),
  }),
});

/**
 * What stands in a tensor where a pooling's inputs have their windows' largest numbers.
 *
 * TensorFlow's op writes into the memory of ddx where that has the result's shape, and goes on reading it: with padding
 * of our own around the input the shapes differ, but for windows of one number.
 */
const chooseLargest =
  (op: string, dimensions: 2 | 3): KernelFunction =>
  ({ inputs, attrs }) => {
    const { ddx, input, output } = inputs as unknown as Inputs;
    const given = attrs as unknown as Parameters<typeof poolPaddings>[1];
    const paddings = (dimensions === 2 ? poolPaddings : pool3dPaddings)(input!.shape, given, output!.shape);
    const sizes = (value: number | readonly number[]) => [1, ...(typeof value === "number" ? Array<number>(dimensions).fill(value) : value), 1]; // prettier-ignore
    if (String(input!.shape) === String(output!.shape) && sizes(given.filterSize).every((size) => size === 1))
      return tf.clone(ddx!);
    const attributes = {
      T: attribute.type("float32"),
      ksize: attribute.int(sizes(given.filterSize)),
      strides: attribute.int(sizes(given.strides)),
      padding: attribute.string("VALID"),
      data_format: attribute.string(dimensions === 2 ? "NHWC" : "NDHWC"),
    };
    return tf.tidy(() => rawOp(op, attributes, [padTensor(input!, paddings, -Infinity), output!, padTensor(ddx!, paddings)])[0]!); // prettier-ignore
  };

const ofChoosing = (first: string): Omit<Gradient, "kernelName"> => ({
  inputsToSave: ["input", "output"],
  gradFunc: (dddy, [input, output], attributes) => ({
    ddx: () => run(first, { dy: dddy as Tensor, input: input!, output: output! }, attributes),
    input: () => tf.zerosLike(input!),
    output: () => tf.zerosLike(output!),
  }),
});

const ofResizing = (resize: string): Omit<Gradient, "kernelName"> => ({
  inputsToSave: ["images", "dy"],
  gradFunc: (ddx, [images, dy], attributes) => ({
    dy: () => run(resize, { images: ddx as Tensor }, { ...attributes, size: dy!.shape.slice(1, 3) }),
    images: () => tf.zerosLike(images!),
  }),
});

const ADDED: Readonly<Record<string, Omit<Gradient, "kernelName">>> = {
  EluGrad: {
    inputsToSave: ["dy", "y"],
    gradFunc: (ddx, [dy, y]) => {
      const isNegative = () => tf.cast(tf.less(y!, 0), "float32");
      return {
        dy: () => tf.mul(ddx as Tensor, tf.add(1, tf.mul(isNegative(), y!))),
        y: () => tf.mul(tf.mul(ddx as Tensor, dy!), isNegative()),
      };
    },
  },
  AvgPoolGrad: ofAveraging("AvgPool"),
  AvgPool3DGrad: ofAveraging("AvgPool3D"),
  MaxPoolGrad: ofMaximum("MaxPoolGradGrad"),
  MaxPool3DGrad: ofMaximum("MaxPool3DGradGrad"),
  Conv2DBackpropFilter: byFilter("Conv2D", "Conv2DBackpropInput"),
  Conv3DBackpropInputV2: byImages("Conv3D", "Conv3DBackpropFilterV2"),
  Conv3DBackpropFilterV2: byFilter("Conv3D", "Conv3DBackpropInputV2"),
  DepthwiseConv2dNativeBackpropInput: byImages("DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropFilter"),
  DepthwiseConv2dNativeBackpropFilter: byFilter("DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropInput"),
  ResizeBilinearGrad: ofResizing("ResizeBilinear"),
  ResizeNearestNeighborGrad: ofResizing("ResizeNearestNeighbor"),
};

export const secondGradients: Patch = {
  name: "second-gradients",
  changes: `gradients ${Object.keys(ADDED).join(", ")}, and kernels MaxPoolGradGrad and MaxPool3DGradGrad, added`,
  reason:
    "without them a gradient of a gradient, as a gradient penalty has one, does not pass an ELU, a pooling, an upsampling, a " +
    "depthwise convolution, or the filter of a convolution",
  writtenFor: "tfjs 4.22",
  install() {
    addKernel("MaxPoolGradGrad", chooseLargest("MaxPoolGradGrad", 2), ofChoosing("MaxPoolGrad"));
    addKernel("MaxPool3DGradGrad", chooseLargest("MaxPool3DGradGrad", 3), ofChoosing("MaxPool3DGrad"));
    for (const [kernelName, gradient] of Object.entries(ADDED)) addGradient(kernelName, gradient);
  },
};
