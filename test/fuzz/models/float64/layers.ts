import { axisOf } from "../../../support/naive-convolution";
import { type Numbers, sizeOf, type Tape, type Value } from "./values";

/** What a layer's arithmetic is told beside its inputs. */
export interface LayerCall {
  readonly tape: Tape;
  readonly config: Readonly<Record<string, unknown>>;
  /** By their names without path. */
  readonly weights: Readonly<Record<string, Value>>;
  /** The layer inside, of one that wraps. */
  readonly inner: { readonly className: string; readonly call: Omit<LayerCall, "tape"> } | null;
  /** A running statistic's value after this batch. */
  readonly keep: (weight: string, values: Numbers) => void;
}

type Arithmetic = (inputs: readonly Value[], call: LayerCall) => Value;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const [ALPHA, SCALE] = [1.6732632423543772, 1.0507009873554805];
/** f and its slope, told a number and its result. */
const ACTIVATIONS: Readonly<Record<string, readonly [(x: number) => number, (x: number, y: number) => number]>> = {
  linear: [(x) => x, () => 1],
  relu: [(x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0)],
  relu6: [(x) => Math.min(6, Math.max(0, x)), (x) => (x > 0 && x < 6 ? 1 : 0)],
  elu: [(x) => (x > 0 ? x : Math.expm1(x)), (x, y) => (x > 0 ? 1 : y + 1)],
  selu: [(x) => SCALE * (x > 0 ? x : ALPHA * Math.expm1(x)), (x) => SCALE * (x > 0 ? 1 : ALPHA * Math.exp(x))],
  tanh: [Math.tanh, (_, y) => 1 - y * y],
  sigmoid: [sigmoid, (_, y) => y * (1 - y)],
  softplus: [(x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(0, x), sigmoid],
  softsign: [(x) => x / (1 + Math.abs(x)), (x) => 1 / (1 + Math.abs(x)) ** 2],
  swish: [(x) => x * sigmoid(x), (x, y) => y + sigmoid(x) * (1 - y)],
};

/** A layer that this arithmetic does not know. */
export class Unknown extends Error {}

function activate({ tape, config }: LayerCall, x: Value): Value {
  const name = String(config["activation"] ?? "linear");
  const own = ACTIVATIONS[name];
  if (!own) throw new Unknown(`activation ${name}`);
  return name === "linear" ? x : tape.each(x, ...own);
}

/** Bias and activation. */
function finish(call: LayerCall, x: Value): Value {
  const { bias } = call.weights;
  return activate(call, bias ? call.tape.add(x, bias) : x);
}

const pair = (value: unknown): [number, number] => (Array.isArray(value) ? [value[0], value[1]] : [value, value]) as [number, number]; // prettier-ignore

/** Each place of a window: of an output's pixel, an input's and the window's. */
function eachTap(
  shape: readonly number[],
  window: readonly [number, number],
  strides: readonly [number, number],
  pad: "same" | "valid",
  call: (output: number, input: number, tap: number) => void,
): [number, number] {
  const [n, h, w] = shape as [number, number, number];
  const [rows, top] = axisOf(h, window[0], strides[0], pad);
  const [columns, left] = axisOf(w, window[1], strides[1], pad);
  for (let image = 0; image < n; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let dy = 0; dy < window[0]; dy++)
          for (let dx = 0; dx < window[1]; dx++) {
            const [y, x] = [row * strides[0] + dy - top, column * strides[1] + dx - left];
            if (y < 0 || y >= h || x < 0 || x >= w) continue;
            call((image * rows + row) * columns + column, (image * h + y) * w + x, dy * window[1] + dx);
          }
  return [rows, columns];
}

const nothing = () => undefined;

function convolve(call: LayerCall, x: Value, filter: Value, isDepthwise: boolean): Value {
  const { tape, config } = call;
  if (pair(config["dilationRate"] ?? 1).some((rate) => rate !== 1)) throw new Unknown("dilation");
  const [height, width, c, k] = filter.shape as [number, number, number, number];
  const geometry = [x.shape, [height, width], pair(config["strides"]), config["padding"] as "same"] as const;
  const [rows, columns] = eachTap(...geometry, nothing);
  const out = isDepthwise ? c * k : k;
  return tape.products([x.shape[0]!, rows, columns, out], x, filter, (add) =>
    eachTap(...geometry, (output, input, tap) => {
      for (let from = 0; from < c; from++)
        for (let to = 0; to < k; to++)
          add(output * out + (isDepthwise ? from * k + to : to), input * c + from, (tap * c + from) * k + to);
    }),
  );
}

/** The same layer on images of one row. */
const asImages = (call: LayerCall, x: Value): Value => call.tape.reshape(x, [x.shape[0]!, 1, x.shape[1]!, x.shape[2]!]);
const asSequences = ({ tape }: LayerCall, x: Value): Value => tape.reshape(x, [x.shape[0]!, x.shape[2]!, x.shape[3]!]);
const inOneRow = (call: LayerCall, names: readonly string[]): LayerCall => ({
  ...call,
  config: {
    ...call.config,
    ...Object.fromEntries(names.map((name) => [name, [1, Number([call.config[name]].flat()[0])]])),
  },
});

function pool(call: LayerCall, x: Value, isLargest: boolean): Value {
  const { tape, config } = call;
  const c = x.shape[3]!;
  const window = pair(config["poolSize"]);
  const geometry = [x.shape, window, pair(config["strides"] ?? window), config["padding"] as "same"] as const;
  const [rows, columns] = eachTap(...geometry, nothing);
  const shape = [x.shape[0]!, rows, columns, c];
  const members = (add: (to: number, from: number) => void) =>
    void eachTap(...geometry, (output, input) => {
      for (let channel = 0; channel < c; channel++) add(output * c + channel, input * c + channel);
    });
  if (isLargest) return tape.largest(shape, x, members, "first");
  const counts = new Int32Array(sizeOf(shape));
  members((to) => counts[to]!++);
  return tape.sums(shape, x, (add) => members((to, from) => add(to, from, 1 / counts[to]!)));
}

/** Mean or largest over all axes but the first and the last. */
function globally({ tape }: LayerCall, x: Value, isLargest: boolean): Value {
  const [n, c] = [x.shape[0]!, x.shape.at(-1)!];
  const inside = x.data.length / n / c;
  const to = (at: number) => Math.floor(at / (inside * c)) * c + (at % c);
  const places = [...x.data.keys()];
  return isLargest
    ? // tfjs gives each of equal ones the whole gradient.
      tape.largest([n, c], x, (add) => places.forEach((at) => add(to(at), at)), "each")
    : tape.sums([n, c], x, (add) => places.forEach((at) => add(to(at), at, 1 / inside)));
}

function dense(call: LayerCall, x: Value): Value {
  const kernel = call.weights["kernel"]!;
  const [from, to] = kernel.shape as [number, number];
  const rows = x.data.length / from;
  const product = call.tape.products([...x.shape.slice(0, -1), to], x, kernel, (add) => {
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < from; i++) for (let j = 0; j < to; j++) add(row * to + j, row * from + i, i * to + j);
  });
  return finish(call, product);
}

function batchNorm(call: LayerCall, x: Value): Value {
  const { config, weights, tape } = call;
  const c = x.shape.at(-1)!;
  const axis = Number([config["axis"]].flat()[0]);
  if (axis !== -1 && axis !== x.shape.length - 1) throw new Unknown("batch norm of another axis");
  const { value, mean, variance } = tape.normalise(x, (at) => at % c, c, Number(config["epsilon"]));
  const share = Number(config["momentum"]);
  for (const [name, now] of [
    ["moving_mean", mean],
    ["moving_variance", variance],
  ] as const)
    // prettier-ignore
    call.keep(name, weights[name]!.data.map((old, at) => old * share + now[at]! * (1 - share)));
  const scaled = weights["gamma"] ? tape.multiply(value, weights["gamma"]) : value;
  return weights["beta"] ? tape.add(scaled, weights["beta"]) : scaled;
}

function layerNorm({ config, weights, tape }: LayerCall, x: Value): Value {
  const c = x.shape.at(-1)!;
  const { value } = tape.normalise(x, (at) => Math.floor(at / c), x.data.length / c, Number(config["epsilon"]));
  return tape.add(tape.multiply(value, weights["gamma"]!), weights["beta"]!);
}

/** Pixels of images copied to places of larger ones. */
function copyPixels(
  tape: Tape,
  x: Value,
  rows: number,
  columns: number,
  from: (row: number, column: number) => readonly [number, number],
): Value {
  // prettier-ignore
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return tape.sums([n, rows, columns, c], x, (add) => {
    for (let image = 0; image < n; image++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const [y, z] = from(row, column);
          if (y < 0 || y >= h || z < 0 || z >= w) continue;
          for (let channel = 0; channel < c; channel++)
            add(((image * rows + row) * columns + column) * c + channel, ((image * h + y) * w + z) * c + channel, 1);
        }
  });
}

const leaky = (tape: Tape, x: Value, alpha: number) => tape.each(x, (v) => (v > 0 ? v : alpha * v), (v) => (v > 0 ? 1 : alpha)); // prettier-ignore

/** What layers compute in training, by their classes' names. */
export const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  Activation: ([x], call) => activate(call, x!),
  Add: (inputs, { tape }) => inputs.reduce((sum, each) => tape.add(sum, each)),
  Average: (inputs, { tape }) => {
    const sum = inputs.reduce((total, each) => tape.add(total, each));
    return tape.each(sum, (x) => x / inputs.length, () => 1 / inputs.length); // prettier-ignore
  },
  AveragePooling1D: ([x], call) =>
    asSequences(call, pool(inOneRow(call, ["poolSize", "strides"]), asImages(call, x!), false)),
  AveragePooling2D: ([x], call) => pool(call, x!, false),
  BatchNormalization: ([x], call) => batchNorm(call, x!),
  Concatenate: (inputs, { tape, config }) => {
    const rank = inputs[0]!.shape.length;
    const axis = (Number(config["axis"]) + rank) % rank;
    const inside = (each: Value) => sizeOf(each.shape.slice(axis));
    const row = inputs.reduce((sum, each) => sum + inside(each), 0);
    const shape = inputs[0]!.shape.map((size, at) =>
      at === axis ? inputs.reduce((sum, each) => sum + each.shape[axis]!, 0) : size,
    );
    let begin = 0;
    const parts = inputs.map((each) => {
      const [first, own] = [begin, inside(each)];
      begin += own;
      return tape.sums(shape, each, (add) => {
        for (const at of each.data.keys()) add(Math.floor(at / own) * row + first + (at % own), at, 1);
      });
    });
    return parts.reduce((sum, each) => tape.add(sum, each));
  },
  Conv1D: ([x], call) => {
    const kernel = call.weights["kernel"]!;
    const filter = call.tape.reshape(kernel, [1, ...kernel.shape]);
    return finish(call, asSequences(call, convolve(inOneRow(call, ["strides", "dilationRate"]), asImages(call, x!), filter, false))); // prettier-ignore
  },
  Conv2D: ([x], call) => finish(call, convolve(call, x!, call.weights["kernel"]!, false)),
  Cropping2D: ([x], { tape, config }) => {
    const [[top, bottom], [left, right]] = config["cropping"] as [[number, number], [number, number]];
    const [, h, w] = x!.shape as [number, number, number];
    return copyPixels(tape, x!, h - top - bottom, w - left - right, (row, column) => [row + top, column + left]);
  },
  Dense: ([x], call) => dense(call, x!),
  DepthwiseConv2D: ([x], call) => finish(call, convolve(call, x!, call.weights["depthwise_kernel"]!, true)),
  ELU: ([x], { tape, config }) => {
    const alpha = Number(config["alpha"]);
    return tape.each(x!, (v) => (v > 0 ? v : alpha * Math.expm1(v)), (v) => (v > 0 ? 1 : alpha * Math.exp(v))); // prettier-ignore
  },
  Flatten: ([x], { tape }) => tape.reshape(x!, [x!.shape[0]!, x!.data.length / x!.shape[0]!]),
  GlobalAveragePooling1D: ([x], call) => globally(call, x!, false),
  GlobalAveragePooling2D: ([x], call) => globally(call, x!, false),
  GlobalMaxPooling1D: ([x], call) => globally(call, x!, true),
  GlobalMaxPooling2D: ([x], call) => globally(call, x!, true),
  LayerNormalization: ([x], call) => layerNorm(call, x!),
  LeakyReLU: ([x], { tape, config }) => leaky(tape, x!, Number(config["alpha"])),
  MaxPooling1D: ([x], call) =>
    asSequences(call, pool(inOneRow(call, ["poolSize", "strides"]), asImages(call, x!), true)),
  MaxPooling2D: ([x], call) => pool(call, x!, true),
  Multiply: (inputs, { tape }) => inputs.reduce((product, each) => tape.multiply(product, each)),
  PReLU: ([x], { tape, weights }) => {
    const alpha = weights["alpha"]!;
    if (sizeOf(x!.shape.slice(1)) !== alpha.data.length) throw new Unknown("shared slopes");
    const positive = tape.each(x!, (v) => Math.max(0, v), (v) => (v > 0 ? 1 : 0)); // prettier-ignore
    const negative = tape.each(x!, (v) => Math.min(0, v), (v) => (v > 0 ? 0 : 1)); // prettier-ignore
    return tape.add(positive, tape.multiply(negative, alpha));
  },
  Permute: ([x], { tape, config }) => {
    const order = [0, ...(config["dims"] as number[])];
    const shape = order.map((axis) => x!.shape[axis]!);
    const step = (axis: number) => sizeOf(x!.shape.slice(axis + 1));
    return tape.sums(shape, x!, (add) => {
      for (const to of x!.data.keys()) {
        let from = 0;
        for (let rest = to, axis = shape.length - 1; axis >= 0; rest = Math.floor(rest / shape[axis]!), axis--)
          from += (rest % shape[axis]!) * step(order[axis]!);
        add(to, from, 1);
      }
    });
  },
  ReLU: ([x], { tape, config }) => {
    const top = (config["maxValue"] ?? Infinity) as number;
    return tape.each(x!, (v) => Math.min(top, Math.max(0, v)), (v) => (v > 0 && v < top ? 1 : 0)); // prettier-ignore
  },
  RepeatVector: ([x], { tape, config }) => {
    const [n, c] = x!.shape as [number, number];
    const times = Number(config["n"]);
    return tape.sums([n, times, c], x!, (add) => {
      for (let to = 0; to < n * times * c; to++) add(to, Math.floor(to / (times * c)) * c + (to % c), 1);
    });
  },
  Reshape: ([x], { tape, config }) => {
    const wanted = config["targetShape"] as number[];
    const size = x!.data.length / x!.shape[0]!;
    const known = wanted.filter((each) => each > 0).reduce((product, each) => product * each, 1);
    return tape.reshape(x!, [x!.shape[0]!, ...wanted.map((each) => (each > 0 ? each : size / known))]);
  },
  SeparableConv2D: ([x], call) => {
    const deep = convolve(call, x!, call.weights["depthwise_kernel"]!, true);
    const points = { ...call, config: { ...call.config, strides: 1 } };
    return finish(call, convolve(points, deep, call.weights["pointwise_kernel"]!, false));
  },
  ThresholdedReLU: ([x], { tape, config }) => {
    const theta = Number(config["theta"]);
    return tape.each(x!, (v) => (v > theta ? v : 0), (v) => (v > theta ? 1 : 0)); // prettier-ignore
  },
  TimeDistributed: ([x], { tape, inner }) => {
    const { className, call } = inner!;
    if (className !== "Dense") throw new Unknown(`timeDistributed of ${className}`);
    return dense({ ...call, tape }, x!);
  },
  UpSampling2D: ([x], { tape, config }) => {
    const [down, right] = pair(config["size"]);
    const [, h, w] = x!.shape as [number, number, number];
    return copyPixels(tape, x!, h * down, w * right, (row, column) => [Math.floor(row / down), Math.floor(column / right)]); // prettier-ignore
  },
  ZeroPadding2D: ([x], { tape, config }) => {
    const [[top, bottom], [left, right]] = config["padding"] as [[number, number], [number, number]];
    const [, h, w] = x!.shape as [number, number, number];
    return copyPixels(tape, x!, h + top + bottom, w + left + right, (row, column) => [row - top, column - left]);
  },
};
