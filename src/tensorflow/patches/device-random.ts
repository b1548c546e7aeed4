import type { DataType, Tensor, Tensor1D } from "@tensorflow/tfjs";
import { attribute, nativeBackend, type OpAttributes, rawOp } from "../raw-op";
import { tf } from "../loaded-tf";
import { type Patch, wrapMethod } from "./patch";

/** A piece of code whose random numbers come from the device, as a function of a seed that is a tensor itself. */
interface Scope {
  readonly seed: Tensor1D;
  draws: number;
}

let scope: Scope | null = null;

/**
 * Runs `action` with `tf.randomUniform`, `tf.randomNormal`, `tf.truncatedNormal`, `tf.dropout` and their like drawing
 * on the device: the numbers follow from `seed` and from the order of the draws alone.
 *
 * tfjs draws them in JavaScript, which takes a copy to the device at each step, and would freeze one draw into a traced
 * step. Layers that draw (dropout, noise) do so through the same functions. A seed given to a draw is mixed into it.
 * On the JavaScript backend tfjs draws as ever.
 *
 * @param seed `[2]` int32; the same seed gives the same numbers
 */
export function withDeviceRandom<Result>(seed: Tensor1D, action: () => Result): Result {
  if (!nativeBackend()) return action();
  const outer = scope;
  scope = { seed, draws: 0 };
  try {
    return action();
  } finally {
    scope = outer;
  }
}

/** Runs `action` so that what is drawn after it is what was drawn in it: for a pass that is done twice over. */
export function withRepeatedDraws<Result>(action: () => Result): Result {
  const current = scope;
  const draws = current?.draws ?? 0;
  try {
    return action();
  } finally {
    if (current) current.draws = draws;
  }
}

/** A seed for one draw; they differ from draw to draw by multiples of an odd constant (2³² over the golden ratio). */
function nextSeed(seed: unknown): Tensor {
  const { seed: base } = scope!;
  const own = typeof seed === "number" ? seed : String(seed ?? "").length;
  const offset = [Math.imul(++scope!.draws, 0x9e3779b1), Math.imul(own, 0x85ebca6b)];
  return tf.add(base, tf.tensor1d(offset, "int32"));
}

function draw(op: string, shape: readonly number[], seed: unknown): Tensor {
  const attributes: OpAttributes = {
    dtype: attribute.type("float32"),
    T: attribute.type("int32"),
    Tseed: attribute.type("int32"),
  };
  return tf.tidy(() => rawOp(op, attributes, [tf.tensor1d([...shape], "int32"), nextSeed(seed)])[0]!);
}

type Shape = readonly number[];

/** Draws by the names that tfjs gives them, with tfjs's arguments. */
const DEVICE = {
  randomUniform: (shape: Shape, low = 0, high = 1, dtype: DataType = "float32", seed?: unknown) =>
    tf.tidy(() =>
      tf.cast(
        draw("StatelessRandomUniform", shape, seed)
          .mul(high - low)
          .add(low),
        dtype,
      ),
    ),
  randomUniformInt: (shape: Shape, low: number, high: number, seed?: unknown) =>
    tf.tidy(() =>
      draw("StatelessRandomUniform", shape, seed)
        .mul(high - low)
        .add(low)
        .floor()
        .cast("int32"),
    ),
  randomNormal: (shape: Shape, mean = 0, deviation = 1, dtype: DataType = "float32", seed?: unknown) =>
    tf.tidy(() => tf.cast(draw("StatelessRandomNormal", shape, seed).mul(deviation).add(mean), dtype)),
  randomStandardNormal: (shape: Shape, dtype: DataType = "float32", seed?: unknown) =>
    tf.tidy(() => tf.cast(draw("StatelessRandomNormal", shape, seed), dtype)),
  truncatedNormal: (shape: Shape, mean = 0, deviation = 1, dtype: DataType = "float32", seed?: unknown) =>
    tf.tidy(() => tf.cast(draw("StatelessTruncatedNormal", shape, seed).mul(deviation).add(mean), dtype)),
  multinomial(logits: Tensor, samples: number, seed?: unknown, normalized = false) {
    return tf.tidy(() => {
      const rows = logits.rank === 1 ? tf.expandDims(logits) : logits;
      const attributes: OpAttributes = {
        T: attribute.type("float32"),
        Tseed: attribute.type("int32"),
        output_dtype: attribute.type("int32"),
      };
      const inputs = [normalized ? tf.log(rows) : rows, tf.scalar(samples, "int32"), nextSeed(seed)];
      const [drawn] = rawOp("StatelessMultinomial", attributes, inputs);
      return logits.rank === 1 ? tf.squeeze(drawn!, [0]) : drawn!;
    });
  },
  dropout(x: Tensor, rate: number, noiseShape?: Shape, seed?: unknown) {
    if (!(rate >= 0 && rate < 1)) throw new RangeError(`Expected a dropout rate in [0, 1) but found ${rate}`);
    if (rate === 0) return x.clone();
    return tf.tidy(() => {
      const shape = noiseShape ? noiseShape.map((size, axis) => size ?? x.shape[axis]!) : x.shape;
      const kept = draw("StatelessRandomUniform", shape, seed).greaterEqual(rate);
      return tf.mul(x, tf.div(tf.cast(kept, "float32"), 1 - rate));
    });
  },
};

/** Draws that have no counterpart on the device. */
const REFUSED = ["rand", "randomGamma"];

type Draw = (...args: never[]) => unknown;

const name = "device-random";

export const deviceRandom: Patch = {
  name,
  changes: `functions ${[...Object.keys(DEVICE), ...REFUSED].map((each) => `tf.${each}`).join(", ")}, in compiled steps and in training`,
  reason:
    "tfjs draws in JavaScript, which takes a copy to the device at each step and would freeze one draw into a compiled " +
    "step; TensorFlow draws on the device",
  writtenFor: "tfjs 4.22",
  install() {
    // tfjs's packages all look these functions up here at each call.
    const core = require("@tensorflow/tfjs-core") as Record<string, Draw>;
    for (const [draw, onDevice] of Object.entries(DEVICE) as [string, Draw][]) {
      wrapMethod(
        name,
        core,
        draw,
        (original) =>
          (...args) =>
            scope ? onDevice(...args) : original(...args),
      );
    }
    for (const draw of REFUSED) {
      wrapMethod(name, core, draw, (original) => (...args) => {
        if (!scope) return original(...args);
        throw new TypeError(`Expected a step to draw with tf.randomUniform or tf.randomNormal but found tf.${draw}`);
      });
    }
  },
};
