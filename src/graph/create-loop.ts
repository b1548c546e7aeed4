import { graphBinding } from "../tensorflow";
import { checkEngine } from "./check-engine";
import { eagerLoop } from "./eager-loop";
import { GraphLoop } from "./graph-loop";
import type { EngineName, Loop, LoopBody, LoopOptions } from "./loop";

/** The engine that is used unless another is asked for: `"graph"` wherever TensorFlow's graphs can be had. */
export function defaultEngine(): EngineName {
  return graphBinding() ? "graph" : "eager";
}

/**
 * Makes a step ready to be run many times.
 *
 * @param options.engine {@link defaultEngine} by default
 * @throws {RangeError} where the graph engine is asked for and cannot be had, or a precision that the engine does not have
 *
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const sum = tf.variable(tf.scalar(0));
 * const loop = ga.graph.loop((index, x) => sum.assign(tf.add(sum, tf.mul(x, tf.cast(index, "float32")))));
 * await loop.run({ first: 0, last: 5, inputs: [tf.scalar(2)] });
 * sum.print(); // 20
 * loop.dispose();
 */
export function createLoop(body: LoopBody, options: LoopOptions & { readonly engine?: EngineName } = {}): Loop {
  const { engine = defaultEngine(), precision = "float32" } = options;
  if (typeof body !== "function") throw new TypeError(`Expected a step to be a function but found ${typeof body}`);
  checkEngine(engine, precision);
  return engine === "eager" ? eagerLoop(body, options) : new GraphLoop(body, options);
}
