import { graphBinding, graphFallback, runsOnGpu } from "../tensorflow";
import type { EngineName } from "./loops/loop";
import type { Compiler } from "./compiler";
import type { Precision } from "./precision";

const ENGINES: readonly unknown[] = ["graph", "eager"];
const PRECISIONS: readonly unknown[] = ["float32", "tf32", "bfloat16"];

/**
 * Refuses an engine that is not available, and a precision that it does not have.
 *
 * @throws {RangeError} if the engine cannot run the precision; the message gives the remedy
 */
export function checkEngine(engine: EngineName, precision: Precision, compiler: Compiler = "none"): void {
  if (!ENGINES.includes(engine)) {
    throw new RangeError(`Expected engine to be "graph" or "eager" but found ${JSON.stringify(engine)}`);
  }
  if (!PRECISIONS.includes(precision)) {
    throw new RangeError(
      `Expected precision to be "float32", "tf32" or "bfloat16" but found ${JSON.stringify(precision)}`,
    );
  }
  if (engine === "eager" && compiler === "xla") {
    throw new RangeError('Expected compiler "none" where steps run op by op but found "xla": leave it out');
  }
  if (engine === "graph" && !graphBinding()) {
    throw new RangeError(`Expected engine "graph" to be within reach but ${graphFallback()}: run \`gradamp setup\``);
  }
  if (precision === "tf32" && !runsOnGpu()) {
    throw new RangeError('Expected a GPU for precision "tf32" but found none: use "float32" or "bfloat16"');
  }
  if (engine === "eager" && precision !== "float32") {
    const reason = graphBinding() ? 'leave engine: "eager" out' : `${graphFallback()}, run \`gradamp setup\``;
    throw new RangeError(
      `Expected precision "float32" where steps run op by op but found ${JSON.stringify(precision)}: ${reason}`,
    );
  }
}
