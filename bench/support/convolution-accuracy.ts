import { attribute, rawOp, type Tensor, tf } from "../../src/tensorflow";

/** Images [images, height, width, inChannels] and a filter [3, 3, inChannels, outChannels]. */
export type ConvolutionSize = readonly [
  images: number,
  height: number,
  width: number,
  inChannels: number,
  outChannels: number,
];

/** TensorFlow's ops of a 3×3 convolution of stride 1; gradamp's have the same inputs. */
export const CONVOLUTION_OPS = ["Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"] as const;
export type ConvolutionOp = (typeof CONVOLUTION_OPS)[number];

/** Images, filter and the outputs' gradient. */
export interface Operands {
  readonly x: Tensor;
  readonly filter: Tensor;
  readonly dy: Tensor;
}

/** An op's inputs, as TensorFlow takes them; sizes are new tensors. */
export function inputsOf(op: ConvolutionOp, [n, h, w, c, k]: ConvolutionSize, { x, filter, dy }: Operands): Tensor[] {
  if (op === "Conv2D") return [x, filter];
  if (op === "Conv2DBackpropInput") return [tf.tensor1d([n, h, w, c], "int32"), filter, dy];
  return [x, tf.tensor1d([3, 3, c, k], "int32"), dy];
}

const T = { T: attribute.type("float32") };
const STOCK = {
  ...T,
  strides: attribute.int([1, 1, 1, 1]),
  padding: attribute.string("SAME"),
  data_format: attribute.string("NHWC"),
};

/** An op by gradamp's kernels or TensorFlow's, whatever the setting says. */
export const runConvolution = (by: "gradamp" | "TensorFlow", op: ConvolutionOp, inputs: readonly Tensor[]): Tensor =>
  (by === "gradamp" ? rawOp(`Gradamp${op}`, T, inputs) : rawOp(op, STOCK, inputs))[0]!;

/** A result in double precision, and the sum of its summands' magnitudes, which its rounding is measured by. */
export interface Exact {
  readonly value: number;
  readonly magnitude: number;
}

/** What an op's definition gives at some places of its flat result, in double precision. */
export function convolutionAt(
  op: ConvolutionOp,
  [n, h, w, c, k]: ConvolutionSize,
  operands: Operands,
  places: readonly number[],
): Exact[] {
  const [x, filter, dy] = [operands.x, operands.filter, operands.dy].map((tensor) => tensor.dataSync());
  let [value, magnitude] = [0, 0];
  const add = (product: number) => {
    value += product;
    magnitude += Math.abs(product);
  };
  const isInside = (row: number, column: number) => row >= 0 && row < h && column >= 0 && column < w;
  const taps = [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => [a, b] as const));

  const ofFilter = (place: number) => {
    const [to, from, tap] = [place % k, Math.floor(place / k) % c, Math.floor(place / k / c)];
    const [a, b] = taps[tap]!;
    for (let image = 0; image < n; image++)
      for (let row = 0; row < h; row++)
        for (let column = 0; column < w; column++) {
          const [y, z] = [row + a - 1, column + b - 1];
          if (isInside(y, z))
            add(x![((image * h + y) * w + z) * c + from]! * dy![((image * h + row) * w + column) * k + to]!);
        }
  };
  const ofImages = (place: number) => {
    const isForward = op === "Conv2D";
    const [images, depth, channels] = isForward ? [x!, c, k] : [dy!, k, c];
    const [channel, pixel] = [place % channels, Math.floor(place / channels)];
    const [image, row, column] = [Math.floor(pixel / w / h), Math.floor(pixel / w) % h, pixel % w];
    for (const [a, b] of taps) {
      const [y, z] = isForward ? [row + a - 1, column + b - 1] : [row + 1 - a, column + 1 - b];
      if (!isInside(y, z)) continue;
      for (let other = 0; other < depth; other++) {
        const [from, to] = isForward ? [other, channel] : [channel, other];
        add(images[((image * h + y) * w + z) * depth + other]! * filter![((a * 3 + b) * c + from) * k + to]!);
      }
    }
  };
  return places.map((place) => {
    [value, magnitude] = [0, 0];
    if (op === "Conv2DBackpropFilter") ofFilter(place);
    else ofImages(place);
    return { value, magnitude };
  });
}

/** How far results are from double precision. */
export interface Accuracy {
  /** Root mean square of the errors over that of the results. */
  readonly rms: number;
  /** Largest error over the sum of its summands' magnitudes. */
  readonly worst: number;
}

function accuracyOf(found: ArrayLike<number>, places: readonly number[], exact: readonly Exact[]): Accuracy {
  let [errors, results, worst] = [0, 0, 0];
  exact.forEach(({ value, magnitude }, at) => {
    const error = found[places[at]!]! - value;
    errors += error ** 2;
    results += value ** 2;
    worst = Math.max(worst, Math.abs(error) / magnitude);
  });
  return { rms: Math.sqrt(errors / results), worst };
}

/** What images and filter are made of. */
export const OPERANDS = ["normal", "behind a ReLU"] as const;

/**
 * How far gradamp's and TensorFlow's results of a convolution are from double precision, at places spread over all.
 *
 * Images and gradients are standard normal, images cut off below zero behind a ReLU; filters are He's.
 *
 * @param samples places that are looked at
 */
export function measureAccuracy(
  op: ConvolutionOp,
  size: ConvolutionSize,
  kind: (typeof OPERANDS)[number],
  samples: number,
): { readonly own: Accuracy; readonly stock: Accuracy } {
  const [n, h, w, c, k] = size;
  const images = tf.randomNormal([n, h, w, c], 0, 1, "float32", 1);
  const operands = {
    x: kind === "normal" ? images : tf.relu(images),
    filter: tf.randomNormal([3, 3, c, k], 0, Math.sqrt(2 / 9 / c), "float32", 2),
    dy: tf.randomNormal([n, h, w, k], 0, 1, "float32", 3),
  };
  const inputs = inputsOf(op, size, operands);
  const results = (["gradamp", "TensorFlow"] as const).map((by) => runConvolution(by, op, inputs));
  const [own, stock] = results.map((result) => result.dataSync());
  // The golden ratio leaves no pattern of rows and channels out.
  const places = Array.from({ length: samples }, (_, at) =>
    Math.floor((((at + 1) * 0.6180339887498949) % 1) * own!.length),
  );
  const exact = convolutionAt(op, size, operands, places);
  tf.dispose([images, ...Object.values(operands), ...inputs, ...results]);
  return { own: accuracyOf(own!, places, exact), stock: accuracyOf(stock!, places, exact) };
}
