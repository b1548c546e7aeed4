import { anything, checkOptions, integer, listOf, oneOf, text, whole } from "../../options";
import { graphBinding } from "../../tensorflow";
import { checkEngine } from "../check-engine";
import { eagerLoop } from "./eager-loop";
import { GraphLoop } from "./graph-loop";
import type { EngineName, Loop, LoopBody, LoopOptions } from "./loop";

/** The engine that is used unless another is asked for: `"graph"` wherever TensorFlow's graphs are available. */
export function defaultEngine(): EngineName {
  return graphBinding() ? "graph" : "eager";
}

/**
 * Makes a step ready to be run many times.
 *
 * @param options.engine how the loop runs. Default: {@link defaultEngine}
 * @throws {RangeError} if the graph engine is asked for and not available, or a precision that the engine does not have
 */
export function createLoop(body: LoopBody, options: LoopOptions & { readonly engine?: EngineName } = {}): Loop {
  checkOptions("graph.loop", options, {
    readable: listOf(anything, "a list of variables"),
    precision: oneOf("float32", "tf32", "bfloat16"),
    compiler: oneOf("none", "xla"),
    seed: integer,
    cacheSize: whole(1),
    name: text,
    engine: oneOf("graph", "eager"),
  });
  const { engine = defaultEngine(), precision = "float32", compiler = "none" } = options;
  if (typeof body !== "function") throw new TypeError(`Expected a step to be a function but found ${typeof body}`);
  checkEngine(engine, precision, compiler);
  return engine === "eager" ? eagerLoop(body, options) : new GraphLoop(body, options);
}
