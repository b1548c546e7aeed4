import { graphBinding, graphFallback } from "../tensorflow";
import { eagerLoop } from "./eager-loop";
import { GraphLoop } from "./graph-loop";
import { checkPrecision } from "./precision";
import type { EngineName, Loop, LoopBody, LoopOptions } from "./loop";

/** The engine that is used unless another is asked for: `"graph"` wherever TensorFlow's graphs can be had. */
export function defaultEngine(): EngineName {
  return graphBinding() ? "graph" : "eager";
}

/**
 * Makes a step ready to be run many times.
 *
 * @param options.engine {@link defaultEngine} by default
 * @throws {RangeError} where the graph engine is asked for and cannot be had
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
  const { engine = defaultEngine() } = options;
  if (options.precision) checkPrecision(options.precision);
  if (engine === "eager") return eagerLoop(body);
  if (engine !== "graph")
    throw new RangeError(`Expected engine to be "graph" or "eager" but found ${JSON.stringify(engine)}`);
  if (!graphBinding()) {
    throw new RangeError(`Expected engine "graph" to be within reach but ${graphFallback()}: run \`gradamp setup\``);
  }
  return new GraphLoop(body, options);
}
