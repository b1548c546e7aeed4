import { graphBinding, graphFallback } from "./graph-binding";
import { nativeBackend } from "./raw-op";

let enabled = ["1", "true"].includes(process.env["TF_DETERMINISTIC_OPS"] ?? "");

/**
 * Makes TensorFlow take those kernels only that give the same bits each time, in this process and from now on; an op that
 * has none fails. On a CPU training is repeatable without it, for a fixed number of threads; on a GPU it costs speed.
 *
 * The same as `TF_DETERMINISTIC_OPS=1` in the environment before the process begins, as which child processes get it.
 *
 * @throws {Error} if the graph engine is out of reach, with the reason
 * @example
 * ```ts
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * ga.enableOpDeterminism();
 * console.log(advanced.isDeterministic()); // true
 * ```
 */
export function enableOpDeterminism(): void {
  const binding = graphBinding();
  if (!binding)
    throw new Error(
      `TensorFlow's determinism can be chosen by its environment only, since ${graphFallback()}: set TF_DETERMINISTIC_OPS=1 before the process begins`,
    );
  binding.setOpDeterminism(true);
  process.env["TF_DETERMINISTIC_OPS"] = "1";
  enabled = true;
}

/**
 * Whether this process computes the same bits each time: on the CPU it does for a fixed number of threads, on a GPU after
 * {@link enableOpDeterminism}.
 */
export function isDeterministic(): boolean {
  return enabled || !(nativeBackend()?.isUsingGpuDevice ?? false);
}
