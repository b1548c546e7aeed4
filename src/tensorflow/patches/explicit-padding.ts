import type { Tensor, TensorInfo } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { type KernelFunction, type Patch, wrapKernel } from "./patch";

const name = "explicit-padding";

type Shape = readonly number[];
type Kernel = Parameters<KernelFunction>[0];

/** How one spatial axis is padded, and by how much; `padded` is the size with which "valid" gives the same outputs. */
interface AxisPadding {
  readonly axis: number;
  readonly before: number;
  readonly size: number;
  readonly padded: number;
}

interface Attributes {
  readonly filterSize: number | [number, number, number];
  readonly strides: number | [number, number];
  readonly dilations?: number | [number, number] | null;
  readonly pad: unknown;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: string;
  readonly inputShape?: Shape;
  readonly filterShape?: Shape;
}

/** The members of tfjs's Conv2DInfo and Conv3DInfo that say how an axis is walked, by its name. */
type ConvolutionInfo = Readonly<Record<string, number>> & { readonly padInfo: Readonly<Record<string, number>> };

const SIDES = { Depth: "front", Height: "top", Width: "left" } as const;

/**
 * The paddings of a pooling or convolution over an input.
 *
 * @param outputs shape of what came out, where that is known: tfjs tells gradients of poolings nothing of the rounding
 */
function paddingsOf(
  info: object,
  axes: Readonly<Partial<Record<keyof typeof SIDES, number>>>,
  outputs?: Shape,
): AxisPadding[] {
  const numbers = info as ConvolutionInfo;
  return Object.entries(axes).map(([side, axis]) => {
    const size = numbers[`in${side}`]!;
    const before = numbers.padInfo[SIDES[side as keyof typeof SIDES]]!;
    const count = outputs?.[axis] ?? numbers[`out${side}`]!;
    const needed = (count - 1) * numbers[`stride${side}`]! + numbers[`effectiveFilter${side}`]!;
    return { axis, before, size, padded: Math.max(needed, before + size) };
  });
}

/** The paddings of a pooling over images. */
export const poolPaddings = (
  shape: Shape,
  { filterSize, strides, pad, dimRoundingMode }: Attributes,
  outputs?: Shape,
): AxisPadding[] =>
  paddingsOf(
    tf.backend_util.computePool2DInfo(shape as never, filterSize as never, strides, 1, pad as never, dimRoundingMode),
    { Height: 1, Width: 2 },
    outputs,
  );

/** The paddings of a pooling over volumes. */
export const pool3dPaddings = (
  shape: Shape,
  { filterSize, strides, pad, dimRoundingMode }: Attributes,
  outputs?: Shape,
): AxisPadding[] =>
  paddingsOf(
    tf.backend_util.computePool3DInfo(shape as never, filterSize, strides as never, 1, pad as never, dimRoundingMode),
    { Depth: 1, Height: 2, Width: 3 },
    outputs,
  );

const convolutionPaddings =
  (depthwise: boolean) =>
  (shape: Shape, attributes: Attributes, filter: Shape): AxisPadding[] => {
    const { strides, dilations, pad, dimRoundingMode, dataFormat = "NHWC" } = attributes;
    const first = dataFormat === "NCHW";
    const info = tf.backend_util.computeConv2DInfo(
      shape as never,
      filter as never,
      strides,
      dilations ?? 1,
      pad as never,
      dimRoundingMode,
      depthwise,
      first ? "channelsFirst" : "channelsLast",
    );
    return paddingsOf(info, first ? { Height: 2, Width: 3 } : { Height: 1, Width: 2 });
  };

const paddedShape = (shape: Shape, paddings: readonly AxisPadding[]): number[] =>
  shape.map((size, axis) => paddings.find((each) => each.axis === axis)?.padded ?? size);

/** A tensor with a value around it. */
export function padTensor(x: TensorInfo, paddings: readonly AxisPadding[], value = 0): Tensor {
  const pairs = x.shape.map((_, axis): [number, number] => {
    const found = paddings.find((each) => each.axis === axis);
    return found ? [found.before, found.padded - found.before - found.size] : [0, 0];
  });
  return tf.pad(x as Tensor, pairs, value);
}

/** The part of a padded tensor that is no padding. */
function unpadTensor(padded: Tensor, shape: Shape, paddings: readonly AxisPadding[]): Tensor {
  const begin = shape.map((_, axis) => paddings.find((each) => each.axis === axis)?.before ?? 0);
  return tf.slice(padded, begin, [...shape]);
}

type Run = (inputs: Record<string, TensorInfo>, attributes?: object) => Tensor;
type Padded = (run: Run, inputs: Readonly<Record<string, Tensor>>, attributes: Attributes) => Tensor;

type PoolPaddings = typeof poolPaddings;

const maxPool =
  (paddingsOf: PoolPaddings): Padded =>
  (run, { x }, attributes) =>
    run({ x: padTensor(x!, paddingsOf(x!.shape, attributes), -Infinity) });

const maxPoolGradient =
  (paddingsOf: PoolPaddings): Padded =>
  (run, { dy, input, output }, attributes) => {
    const paddings = paddingsOf(input!.shape, attributes, dy!.shape);
    const padded = padTensor(input!, paddings, -Infinity);
    return unpadTensor(run({ dy: dy!, input: padded, output: output! }), input!.shape, paddings);
  };

/** What share of each window is no padding, which an average leaves out; where there is nothing else the average is 0. */
const shares = (average: string, attributes: object, shape: Shape, paddings: readonly AxisPadding[]): Tensor =>
  tf.engine().runKernel(average, { x: padTensor(tf.ones([...shape]), paddings) }, validly(attributes)) as Tensor;

const averagePool =
  (average: string, paddingsOf: PoolPaddings): Padded =>
  (run, { x }, attributes) => {
    const paddings = paddingsOf(x!.shape, attributes);
    return tf.divNoNan(run({ x: padTensor(x!, paddings) }), shares(average, attributes, x!.shape, paddings));
  };

const averagePoolGradient =
  (average: string, paddingsOf: PoolPaddings): Padded =>
  (run, { dy, input }, attributes) => {
    const paddings = paddingsOf(input!.shape, attributes, dy!.shape);
    const share = shares(average, attributes, input!.shape, paddings);
    const padded = run({ dy: tf.divNoNan(dy!, share), input: padTensor(input!, paddings) });
    return unpadTensor(padded, input!.shape, paddings);
  };

type ConvolutionPaddings = ReturnType<typeof convolutionPaddings>;

const convolution =
  (paddingsOf: ConvolutionPaddings): Padded =>
  (run, inputs, attributes) => {
    const { x, filter } = inputs;
    return run({ ...inputs, x: padTensor(x!, paddingsOf(x!.shape, attributes, filter!.shape)) });
  };

const inputGradient =
  (paddingsOf: ConvolutionPaddings): Padded =>
  (run, inputs, attributes) => {
    const inputShape = attributes.inputShape!;
    const paddings = paddingsOf(inputShape, attributes, inputs["filter"]!.shape);
    return unpadTensor(run(inputs, { inputShape: paddedShape(inputShape, paddings) }), inputShape, paddings);
  };

const filterGradient =
  (paddingsOf: ConvolutionPaddings): Padded =>
  (run, { x, dy }, attributes) =>
    run({ x: padTensor(x!, paddingsOf(x!.shape, attributes, attributes.filterShape!)), dy: dy! });

const KERNELS: Readonly<Record<string, Padded>> = {
  MaxPool: maxPool(poolPaddings),
  MaxPoolGrad: maxPoolGradient(poolPaddings),
  AvgPool: averagePool("AvgPool", poolPaddings),
  AvgPoolGrad: averagePoolGradient("AvgPool", poolPaddings),
  MaxPool3D: maxPool(pool3dPaddings),
  MaxPool3DGrad: maxPoolGradient(pool3dPaddings),
  AvgPool3D: averagePool("AvgPool3D", pool3dPaddings),
  AvgPool3DGrad: averagePoolGradient("AvgPool3D", pool3dPaddings),
  Conv2D: convolution(convolutionPaddings(false)),
  FusedConv2D: convolution(convolutionPaddings(false)),
  Conv2DBackpropInput: inputGradient(convolutionPaddings(false)),
  Conv2DBackpropFilter: filterGradient(convolutionPaddings(false)),
  DepthwiseConv2dNative: convolution(convolutionPaddings(true)),
  FusedDepthwiseConv2D: convolution(convolutionPaddings(true)),
  DepthwiseConv2dNativeBackpropInput: inputGradient(convolutionPaddings(true)),
  DepthwiseConv2dNativeBackpropFilter: filterGradient(convolutionPaddings(true)),
};

const validly = (attributes: object) => ({ ...attributes, pad: "valid", dimRoundingMode: undefined }) as never;

export const explicitPadding: Patch = {
  name,
  changes: `kernels ${Object.keys(KERNELS).join(", ")}, where the padding is neither "same" nor "valid"`,
  reason: "tfjs-node refuses a padding in numbers, or its gradient; the input is padded before",
  writtenFor: "tfjs-node 4.22",
  install() {
    for (const [kernelName, padded] of Object.entries(KERNELS)) {
      wrapKernel(name, kernelName, (original) => (args: Kernel) => {
        const attributes = args.attrs as unknown as Attributes;
        if (typeof attributes.pad === "string" || attributes.pad === 0) return original(args);
        const run: Run = (inputs, others = {}) =>
          original({ ...args, inputs, attrs: { ...(validly(attributes) as object), ...others } as never }) as Tensor;
        return tf.tidy(() => padded(run, args.inputs as Record<string, Tensor>, attributes));
      });
    }
  },
};
