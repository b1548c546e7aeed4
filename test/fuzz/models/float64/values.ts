/** Plain float64 arithmetic that remembers how to go back: a second opinion that shares nothing with TensorFlow. */

/** Numbers of float64, or of float32 where its rounding is to be seen. */
export type Numbers = Float64Array | Float32Array;

/** Numbers in a shape, and the gradient of a loss by them once the way back has been gone. */
export class Value {
  readonly gradient: Numbers;

  constructor(
    readonly shape: readonly number[],
    readonly data: Numbers,
  ) {
    this.gradient = data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length);
  }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** What was computed, in order: in float64, or rounded to float32 after each operation and each gradient's summand. */
export class Tape {
  readonly #back: (() => void)[] = [];

  constructor(readonly isShort = false) {}

  /** Numbers of the tape's precision. */
  numbers(data: ArrayLike<number>): Numbers {
    return this.isShort ? Float32Array.from(data) : Float64Array.from(data);
  }

  /** Goes back from a value, whose gradient is 1. */
  differentiate(loss: Value): void {
    loss.gradient.fill(1);
    for (const step of [...this.#back].reverse()) step();
  }

  /** A new value, and how its gradient reaches what it is made of. */
  record(shape: readonly number[], data: Numbers, back: (result: Value) => void): Value {
    const result = new Value(shape, this.isShort ? this.numbers(data) : data);
    this.#back.push(() => back(result));
    return result;
  }

  /** f of each number; `slope` is told the number and its result. */
  each(x: Value, f: (x: number) => number, slope: (x: number, y: number) => number): Value {
    return this.record(x.shape, x.data.map(f), ({ data, gradient }) => {
      for (const at of x.data.keys()) x.gradient[at]! += gradient[at]! * slope(x.data[at]!, data[at]!);
    });
  }

  /** The same numbers, whose gradient is multiplied on the way back. */
  scaleGradient(x: Value, factor: number): Value {
    return this.record(x.shape, x.data.slice(), ({ gradient }) => {
      for (const at of x.data.keys()) x.gradient[at]! += factor * gradient[at]!;
    });
  }

  /** Sums of products: `products` calls back with the places of a result and of its two factors. */
  products(
    shape: readonly number[],
    a: Value,
    b: Value,
    products: (add: (result: number, a: number, b: number) => void) => void,
  ): Value {
    const data = new Float64Array(sizeOf(shape));
    products((to, i, j) => (data[to]! += a.data[i]! * b.data[j]!));
    return this.record(shape, data, ({ gradient }) =>
      products((to, i, j) => {
        a.gradient[i]! += gradient[to]! * b.data[j]!;
        b.gradient[j]! += gradient[to]! * a.data[i]!;
      }),
    );
  }

  /** Weighted sums: `terms` calls back with the places of a result and of a summand, and its weight. */
  sums(
    shape: readonly number[],
    x: Value,
    terms: (add: (to: number, from: number, weight: number) => void) => void,
  ): Value {
    // prettier-ignore
    const data = new Float64Array(sizeOf(shape));
    terms((to, from, weight) => (data[to]! += weight * x.data[from]!));
    return this.record(shape, data, ({ gradient }) =>
      terms((to, from, weight) => (x.gradient[from]! += weight * gradient[to]!)),
    );
  }

  /** The largest of some numbers for each result; of equal ones the first, or each, has its gradient. */
  largest(
    shape: readonly number[],
    x: Value,
    members: (add: (to: number, from: number) => void) => void,
    chosen: "first" | "each",
  ): Value {
    const data = new Float64Array(sizeOf(shape)).fill(-Infinity);
    members((to, from) => (data[to] = Math.max(data[to]!, x.data[from]!)));
    return this.record(shape, data, ({ gradient }) => {
      const done = new Set<number>();
      members((to, from) => {
        if (x.data[from] !== data[to] || (chosen === "first" && done.has(to))) return;
        done.add(to);
        x.gradient[from]! += gradient[to]!;
      });
    });
  }

  /** a + b, where b is as long as a or is repeated along it. */
  add(a: Value, b: Value): Value {
    const length = b.data.length;
    return this.record(
      a.shape,
      a.data.map((value, at) => value + b.data[at % length]!),
      ({ gradient }) => {
        for (const at of a.data.keys()) {
          a.gradient[at]! += gradient[at]!;
          b.gradient[at % length]! += gradient[at]!;
        }
      },
    );
  }

  /** a · b, where b is as long as a or is repeated along it. */
  multiply(a: Value, b: Value): Value {
    const length = b.data.length;
    return this.record(
      a.shape,
      a.data.map((value, at) => value * b.data[at % length]!),
      ({ gradient }) => {
        for (const at of a.data.keys()) {
          a.gradient[at]! += gradient[at]! * b.data[at % length]!;
          b.gradient[at % length]! += gradient[at]! * a.data[at]!;
        }
      },
    );
  }

  /** The same numbers in another shape. */
  reshape(x: Value, shape: readonly number[]): Value {
    return this.record(shape, x.data.slice(), ({ gradient }) => {
      for (const at of x.data.keys()) x.gradient[at]! += gradient[at]!;
    });
  }

  /** (x − mean) / √(variance + ε) over groups of numbers, and the groups' means and variances. */
  normalise(x: Value, groupOf: (place: number) => number, groups: number, epsilon: number) {
    const mean = new Float64Array(groups);
    const variance = new Float64Array(groups);
    const count = x.data.length / groups;
    for (const [at, value] of x.data.entries()) mean[groupOf(at)]! += value / count;
    for (const [at, value] of x.data.entries()) variance[groupOf(at)]! += (value - mean[groupOf(at)]!) ** 2 / count;
    const inverse = variance.map((each) => 1 / Math.sqrt(each + epsilon));
    const data = x.data.map((value, at) => (value - mean[groupOf(at)]!) * inverse[groupOf(at)]!);
    const value = this.record(x.shape, data, ({ gradient }) => {
      const [first, second] = [new Float64Array(groups), new Float64Array(groups)];
      for (const [at, dy] of gradient.entries()) {
        first[groupOf(at)]! += dy / count;
        second[groupOf(at)]! += (dy * data[at]!) / count;
      }
      for (const [at, dy] of gradient.entries()) {
        const group = groupOf(at);
        x.gradient[at]! += inverse[group]! * (dy - first[group]! - data[at]! * second[group]!);
      }
    });
    return { value, mean, variance, count };
  }
}
