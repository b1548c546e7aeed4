/** gradamp's own convolutions at the ends of float32's range, and how far they may be from the definition's sums. */
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import {
  CONVOLUTION_OPS,
  convolutionAt,
  type ConvolutionOp,
  type ConvolutionSize,
  inputsOf,
  measureAccuracy,
  type Operands,
  OPERANDS,
  runConvolution,
} from "../../bench/support/convolution-accuracy";
import { compile } from "../../src/graph";
import { attribute, convolvesBFloat16, hasOwnConvolutions, rawOp, type Tensor, type Tensor4D, tf } from "../../src/tensorflow"; // prettier-ignore
import { symmetric, uniforms } from "../support/deterministic";
import { takeValues } from "../support/same-bits";

const skip = !hasOwnConvolutions() && "gradamp's convolutions are for x86 processors with AVX2, with native TensorFlow";
const test = (name: string, body: () => void) => nodeTest(name, { skip }, body);

const SIZE: ConvolutionSize = [2, 6, 8, 16, 32];
const LENGTHS = { x: 2 * 6 * 8 * 16, filter: 9 * 16 * 32, dy: 2 * 6 * 8 * 32 };
const SHAPES = { x: [2, 6, 8, 16], filter: [3, 3, 16, 32], dy: [2, 6, 8, 32] };

/** Operands of given numbers by their names. */
const operandsOf = (numbers: (name: keyof Operands, count: number) => Float32Array): Operands => {
  const make = (name: keyof Operands) => tf.tensor(numbers(name, LENGTHS[name]), SHAPES[name]);
  return { x: make("x"), filter: make("filter"), dy: make("dy") };
};
const scaled = (scales: Partial<Record<keyof Operands, number>>) =>
  operandsOf((name, count) => symmetric(name, count, 1).map((value) => value * (scales[name] ?? 1)));

const everywhere = (result: Tensor) => Array.from({ length: result.size }, (_, place) => place);

/** Asserts that each number of an op's result is the definition's, to rounding. */
function assertExact(op: ConvolutionOp, operands: Operands, tolerance: number, what: string): void {
  const inputs = inputsOf(op, SIZE, operands);
  const result = runConvolution("gradamp", op, inputs);
  const stock = runConvolution("TensorFlow", op, inputs).dataSync();
  const values = result.dataSync();
  const exact = convolutionAt(op, SIZE, operands, everywhere(result));
  const scale = Math.max(...exact.map(({ magnitude }) => magnitude));
  let finite = 0;
  exact.forEach(({ value }, at) => {
    if (!Number.isFinite(stock[at]) || Math.abs(value) > 3.4e38) return;
    finite++;
    assert.ok(
      Math.abs(values[at]! - value) <= tolerance * scale,
      `${what}, ${op}: ${values[at]} at ${at}, not ${value}`,
    );
  });
  assert.ok(finite > exact.length / 2, what);
}

test("numbers near float32's largest do not overflow where the definition's sum does not", () => {
  for (const [what, scales] of Object.entries({
    "1e38 by 1e-3": { x: 3e38, filter: 1e-3, dy: 3e38 },
    "1e-3 by 1e38": { x: 1e-3, filter: 3e38, dy: 1e-3 },
    "gradients of 1e38": { x: 1e-4, filter: 1e-4, dy: 3e38 },
    "1e19 by 1e18": { x: 3e19, filter: 1e18, dy: 3e17 },
  })) {
    tf.tidy(() => {
      const operands = scaled(scales);
      for (const op of CONVOLUTION_OPS) {
        const [first, last] = { Conv2D: ["x", "filter"], Conv2DBackpropInput: ["dy", "filter"], Conv2DBackpropFilter: ["x", "dy"] }[op] as [keyof Operands, keyof Operands]; // prettier-ignore
        // Products that are out of range themselves say nothing.
        if (scales[first] * scales[last] < 1e38) assertExact(op, operands, 1e-6, what);
      }
    });
  }
});

test("numbers near float32's smallest count as much as they do in the definition's sum", () => {
  for (const [what, scales] of Object.entries({
    "filters of 1e-31": { x: 1e3, filter: 1e-31, dy: 1e3 },
    "images of 1e-31": { x: 1e-31, filter: 1e3, dy: 1e3 },
    "gradients of 1e-31": { x: 1e3, filter: 1e3, dy: 1e-31 },
  }))
    tf.tidy(() => {
      const operands = scaled(scales);
      for (const op of CONVOLUTION_OPS) assertExact(op, operands, 1e-5, what);
    });
});

test("an overflow on the way is hidden neither by a ReLU nor by bfloat16, and a NaN beside it stays", () => {
  tf.tidy(() => {
    const { x, filter } = scaled({ x: 3e38, filter: 1e-3 });
    const bias = tf.fill([32], 1e35);
    for (const [activation, apply] of [
      (value: number) => Math.max(0, value),
      (value: number) => (value > 0 ? value : value / 4),
    ].entries()) {
      const attributes = {
        T: attribute.type("float32"),
        activation: attribute.int(activation + 1),
        ...{ alpha: attribute.float(0.25), num_args: attribute.int(1) },
      };
      const found = rawOp("GradampConv2D", attributes, [x, filter, bias])[0]!;
      const exact = convolutionAt("Conv2D", SIZE, { x, filter, dy: x }, everywhere(found));
      found.dataSync().forEach((value, at) => {
        const expected = apply(exact[at]!.value + 1e35);
        assert.ok(Math.abs(value - expected) < 1e-6 * exact[at]!.magnitude, `${value} at ${at}, not ${expected}`);
      });
    }
    const numbers = x.dataSync().slice();
    // In the first image, beside others of the same block of tiles.
    numbers[(1 * 8 + 1) * 16 + 3] = NaN;
    const y = rawOp("GradampConv2D", { T: attribute.type("float32") }, [tf.tensor(numbers, x.shape), filter])[0]!;
    y.dataSync().forEach((value, at) => {
      const [row, column] = [Math.floor(at / 32 / 8), Math.floor(at / 32) % 8];
      assert.equal(Number.isNaN(value), row < 3 && column < 3, `${value} at ${row}, ${column}`);
    });
  });
  if (!convolvesBFloat16()) return;
  const call = (x: Tensor, filter: Tensor) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, "same");
  const compiled = compile((x: Tensor, filter: Tensor) => [call(x, filter), ...tf.grads((a, b) => tf.sum(call(a!, b!)))([x, filter])], { precision: "bfloat16" }); // prettier-ignore
  const [x, filter] = [tf.fill([8, 8, 8, 16], 3e38), tf.fill([3, 3, 16, 16], 1e-3)];
  const [y, byImage, byFilter] = takeValues(compiled(x, filter));
  // Nine taps, or six or four at the borders, of sixteen channels.
  assert.deepEqual(new Set(Array.from(y!, (value) => Math.round(value / 4.8e36))), new Set([4, 6, 9]));
  assert.ok(Array.from(byImage!).every(Number.isFinite));
  // Sums of 512 times 3e38.
  assert.ok(Array.from(byFilter!).every((value) => value === Infinity));
  compiled.dispose();
  tf.dispose([x, filter]);
});

/** The largest magnitude of a channel in a square of pixels, as far as it lies within the image. */
function largestIn(tensor: Tensor, image: number, top: number, left: number, size: number, channel: number): number {
  const [, height, width, channels] = tensor.shape as [number, number, number, number];
  const values = tensor.dataSync();
  let largest = 0;
  for (let row = Math.max(0, top); row < Math.min(height, top + size); row++)
    for (let column = Math.max(0, left); column < Math.min(width, left + size); column++)
      largest = Math.max(largest, Math.abs(values[((image * height + row) * width + column) * channels + channel]!));
  return largest;
}

test("errors keep within the bounds that docs/graph-engine.md states, however far numbers are apart", () => {
  const [n, h, w, c, k] = SIZE;
  const range = (count: number) => Array.from({ length: count }, (_, at) => at);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const tiles = range((n * h * w) / 4).map((tile) => {
    const inImage = tile % ((h * w) / 4);
    return {
      image: Math.floor((4 * tile) / h / w),
      top: 2 * Math.floor((2 * inImage) / w),
      left: 2 * (inImage % (w / 2)),
    };
  });
  for (const decades of [1, 6, 12]) {
    tf.tidy(() => {
      const operands = operandsOf((name, count) => {
        const exponents = uniforms(`${name} of ${decades}`, count);
        return symmetric(name, count, 1).map((value, at) => value * 10 ** ((exponents[at]! - 0.5) * decades));
      });
      const { x, filter, dy } = operands;
      const taps = filter.dataSync();
      const largestTaps = range(c).map((from) => range(k).map((to) => Math.max(...range(9).map((tap) => Math.abs(taps[(tap * c + from) * k + to]!))))); // prettier-ignore
      const inputs = tiles.map(({ image, top, left }) => range(c).map((channel) => largestIn(x, image, top - 1, left - 1, 4, channel))); // prettier-ignore
      const gradients = tiles.map(({ image, top, left }) => range(k).map((channel) => largestIn(dy, image, top, left, 2, channel))); // prettier-ignore

      const bounds: Partial<Record<ConvolutionOp, (place: number) => number>> = {
        Conv2D(place) {
          const [to, pixel] = [place % k, Math.floor(place / k)];
          const [image, row, column] = [Math.floor(pixel / w / h), Math.floor(pixel / w) % h, pixel % w];
          const tile = ((image * h) / 2 + (row >> 1)) * (w / 2) + (column >> 1);
          return (c + 10) * 64 * sum(range(c).map((from) => inputs[tile]![from]! * largestTaps[from]![to]!));
        },
        Conv2DBackpropFilter(place) {
          const [to, from] = [place % k, Math.floor(place / k) % c];
          return (
            (tiles.length / 48 + 136) * 36 * sum(tiles.map((_, tile) => inputs[tile]![from]! * gradients[tile]![to]!))
          );
        },
      };
      for (const [op, boundAt] of Object.entries(bounds) as [ConvolutionOp, (place: number) => number][]) {
        const result = runConvolution("gradamp", op, inputsOf(op, SIZE, operands));
        const values = result.dataSync();
        convolutionAt(op, SIZE, operands, everywhere(result)).forEach(({ value }, at) => {
          const bound = 2 ** -24 * boundAt(at);
          assert.ok(
            Math.abs(values[at]! - value) <= bound,
            `${op}: ${values[at]} at ${at}, not ${value}, bound ${bound}`,
          );
        });
      }
    });
  }
});

test("the error is within twice that of TensorFlow's convolutions, in root mean square and at worst", () => {
  const cases: [ConvolutionSize, ...ConvolutionOp[]][] = [
    [[16, 16, 16, 32, 32], ...CONVOLUTION_OPS],
    [[32, 8, 8, 128, 128], ...CONVOLUTION_OPS],
    [[64, 4, 4, 256, 256], ...CONVOLUTION_OPS],
    // Too many channels for more than one part of the gradient: a thousand tiles in one sum.
    [[64, 8, 8, 512, 512], "Conv2DBackpropFilter"],
  ];
  for (const [size, ...ops] of cases) {
    for (const kind of OPERANDS) {
      for (const op of ops) {
        const { own, stock } = measureAccuracy(op, size, kind, op === "Conv2DBackpropFilter" ? 200 : 1500);
        const what = `${op}, ${String(size)}, ${kind}`;
        assert.ok(own.rms <= 2 * stock.rms, `${what}: ${own.rms} against ${stock.rms}`);
        assert.ok(own.worst <= 2 * stock.worst, `${what}: ${own.worst} against ${stock.worst}`);
      }
    }
  }
});
