import type { Draws } from "../draws";
import type { Line } from "./program";

/** What is known of an earlier value. */
export interface Known {
  readonly place: number;
  readonly shape: readonly number[];
  readonly dtype: string;
}

type Make = (draws: Draws, value: Known, all: readonly Known[]) => Line | null;

const one = (code: string, { place }: Known): Line => ({ code, args: [place] });
const isImages = ({ shape }: Known) => shape.length === 4;
const same = (a: Known, b: Known) => a.dtype === b.dtype && String(a.shape) === String(b.shape);

const unary =
  (...codes: string[]): Make =>
  (draws, value) =>
    value.dtype === "float32" ? one(draws.pick(codes), value) : null;

/** A filter that the program holds, always the same. */
const filter = (shape: readonly number[]) => {
  const count = shape.reduce((a, b) => a * b, 1);
  return `tf.tensor(Float32Array.from({ length: ${count} }, (_, i) => ((i * 7919) % 17) / 17 - 0.47), [${shape.join(", ")}])`;
};

/** Activations and the like, whose gradients passes move about. */
const ACTIVATIONS = unary(
  "tf.relu($0)",
  "tf.leakyRelu($0, 0.1)",
  "tf.leakyRelu($0, 0.5)",
  "tf.leakyRelu($0, 1.5)",
  "tf.leakyRelu($0, -0.3)",
  "tf.leakyRelu($0, 0)",
  "tf.relu6($0)",
  "tf.elu($0)",
  "tf.selu($0)",
  "tf.tanh($0)",
  "tf.sigmoid($0)",
  "tf.softplus($0)",
);

const OTHERS = unary(
  "tf.square($0)",
  "tf.abs($0)",
  "tf.neg($0)",
  "tf.sin($0)",
  "tf.exp(tf.clipByValue($0, -3, 3))",
  "tf.sqrt(tf.abs($0))",
  "tf.log(tf.add(tf.abs($0), 1))",
  "tf.logSigmoid($0)",
  "tf.sign($0)",
  "tf.floor($0)",
  "tf.clipByValue($0, -1, 1)",
  "tf.step($0)",
  "tf.cast(tf.cast($0, 'int32'), 'float32')",
  "tf.cast(tf.greater($0, 0.25), 'float32')",
  "$0.clone()",
  "tf.customGrad((x) => ({ value: x.clone(), gradFunc: (dy) => tf.mul(dy, 0.25) }))($0)",
);

/** Products by numbers, most of them powers of two, which are exact wherever they are done. */
const SCALES = unary(
  "tf.mul($0, 2)",
  "tf.mul($0, 0.5)",
  "tf.mul($0, 4)",
  "tf.mul($0, -0.125)",
  "tf.mul($0, 16)",
  "tf.mul(tf.scalar(2), $0)",
  "ga.scaleGradient($0, tf.scalar(2))",
  "ga.scaleGradient($0, tf.scalar(0.5))",
  "ga.scaleGradient($0, tf.scalar(64))",
  "ga.scaleGradient($0, tf.scalar(-2))",
  "tf.add($0, 1)",
  "tf.mul($0, tf.sigmoid(tf.sum($0)))",
);

const binary: Make = (draws, value, all) => {
  if (value.dtype !== "float32") return null;
  const other = draws.pick(all.filter((each) => same(each, value)));
  const code = draws.pick([
    "tf.add($0, $1)",
    "tf.add($0, $1)",
    "tf.sub($0, $1)",
    "tf.mul($0, $1)",
    "tf.maximum($0, $1)",
    "tf.minimum($0, $1)",
    "tf.squaredDifference($0, $1)",
    "tf.where(tf.greater($0, $1), $0, tf.neg($1))",
    "tf.div($0, tf.add(tf.square($1), 1))",
    "tf.addN([$0, $1, $0])",
    "tf.prelu($0, $1)",
  ]);
  return { code, args: [value.place, other.place] };
};

const broadcast: Make = (draws, value, all) => {
  const fitting = all.filter(
    ({ shape, dtype }) =>
      dtype === "float32" && (shape.length === 0 || (shape.length === 1 && shape[0] === value.shape.at(-1))),
  );
  if (fitting.length === 0 || value.dtype !== "float32") return null;
  const code = draws.pick(["tf.add($0, $1)", "tf.mul($0, $1)", "tf.sub($1, $0)"]);
  return { code, args: [value.place, draws.pick(fitting).place] };
};

const convolution: Make = (draws, value) => {
  if (!isImages(value) || value.dtype !== "float32") return null;
  const channels = value.shape[3]!;
  const filters = draws.pick([channels, channels, 1, 4, 16]);
  const [height, width] = draws.pick([[3, 3], [3, 3], [1, 1], [2, 3], [5, 1]]) as [number, number]; // prettier-ignore
  const stride = draws.pick(["1", "1", "2", "[1, 2]", "3"]);
  const pad = draws.pick(["same", "same", "valid"]);
  const bias = draws.chance(0.4) ? draws.pick(["relu", "linear", "relu6", "elu"]) : null;
  if (bias) {
    return one(
      `tf.fused.conv2d({ x: $0, filter: ${filter([height, width, channels, filters])}, strides: ${stride}, pad: "${pad}", bias: tf.range(0, ${filters}).div(${filters}), activation: "${bias}" })`,
      value,
    );
  }
  return one(`tf.conv2d($0, ${filter([height, width, channels, filters])}, ${stride}, "${pad}")`, value);
};

/** A convolution whose filter comes of another value, so that it has a gradient. */
const learned: Make = (draws, value, all) => {
  if (!isImages(value) || value.dtype !== "float32") return null;
  const channels = value.shape[3]!;
  const count = 9 * channels * channels;
  const size = ({ shape }: Known) => shape.reduce((a, b) => a * b, 1);
  const long = all.filter((each) => each.dtype === "float32" && size(each) >= count);
  if (long.length === 0) return null;
  const code = `tf.conv2d($0, tf.reshape(tf.slice(tf.reshape($1, [-1]), 0, ${count}), [3, 3, ${channels}, ${channels}]), ${draws.pick(["1", "1", "2"])}, "same")`;
  return { code, args: [value.place, draws.pick(long).place] };
};

const depthwise: Make = (draws, value) =>
  isImages(value) && value.dtype === "float32"
    ? one(
        `tf.depthwiseConv2d($0, ${filter([3, 3, value.shape[3]!, draws.pick([1, 2])])}, ${draws.pick([1, 2])}, "same")`,
        value,
      )
    : null;

const pooling: Make = (draws, value) => {
  if (!isImages(value) || value.dtype !== "float32") return null;
  const kind = draws.pick(["maxPool", "maxPool", "avgPool"]);
  return one(
    `tf.${kind}($0, ${draws.pick([2, 3, "[2, 1]"])}, ${draws.pick([1, 2, 2, 3])}, "${draws.pick(["same", "valid"])}")`,
    value,
  );
};

const batchNorm: Make = (draws, value) => {
  if (value.dtype !== "float32" || value.shape.length < 2) return null;
  return one(`own.batchNorm($0, ${draws.pick([1, 2, 8])}, ${draws.chance(0.5)})`, value);
};

const product: Make = (draws, value, all) => {
  if (value.dtype !== "float32" || value.shape.length !== 2) return null;
  const [rows, columns] = value.shape as [number, number];
  const other = draws.pick(
    all.filter(({ shape, dtype }) => dtype === "float32" && shape.length === 2 && shape[1] === columns),
  );
  if (draws.chance(0.5) && other) return { code: "tf.matMul($0, $1, false, true)", args: [value.place, other.place] };
  return one(draws.pick([`tf.matMul($0, ${filter([columns, 4])})`, `tf.matMul(${filter([3, rows])}, $0)`]), value);
};

const shaping: Make = (draws, value) => {
  const { shape } = value;
  const rank = shape.length;
  const size = shape.reduce((a, b) => a * b, 1);
  const axis = draws.integer(Math.max(1, rank));
  const choices = [`tf.reshape($0, [${size}])`, `tf.expandDims($0, ${axis})`];
  if (rank > 0) choices.push(`tf.reverse($0, ${axis})`, `tf.slice($0, [${shape.map(() => 0)}], [${shape.map((each) => Math.max(1, each - 1))}])`, `tf.tile($0, [${shape.map(() => draws.pick([1, 1, 2]))}])`, `tf.concat([$0, $0], ${axis})`); // prettier-ignore
  if (rank > 0 && rank < 5) choices.push(`tf.pad($0, [${shape.map(() => "[1, 0]")}])`);
  if (rank === 2) choices.push("tf.transpose($0)", `tf.gather($0, tf.tensor1d([0, ${shape[0]! - 1}, 0], 'int32'))`);
  if (rank > 1) choices.push(`tf.reshape($0, [${shape[0]}, ${size / shape[0]!}])`);
  return one(draws.pick(choices), value);
};

const reducing: Make = (draws, value) => {
  if (value.dtype !== "float32" || value.shape.length === 0) return null;
  const axis = draws.integer(value.shape.length);
  const channels = value.shape.slice(1).map((_, at) => at);
  return one(
    draws.pick([
      `tf.sum($0, ${axis})`,
      `tf.mean($0, ${axis}, true)`,
      `tf.max($0, ${axis})`,
      `tf.min($0, ${axis}, true)`,
      `tf.sum($0, [${channels}])`,
      `tf.mean($0)`,
      `tf.cumsum($0, ${axis})`,
      `tf.logSoftmax($0)`,
      `tf.logSumExp($0, ${axis})`,
    ]),
    value,
  );
};

/** Ways to make the next value, those that passes look at more often. */
export const OPERATIONS: readonly Make[] = [
  ...[ACTIVATIONS, ACTIVATIONS, ACTIVATIONS, OTHERS, SCALES, SCALES, binary, binary, broadcast],
  ...[convolution, convolution, learned, depthwise, pooling, pooling, batchNorm, batchNorm, product, shaping, reducing],
];
