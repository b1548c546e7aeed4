import { checkFunction } from "../../options";
import { graphBinding, graphFallback } from "../graph-binding";
import { type ProfiledOp, readTimeline } from "./read-timeline";

/** What {@link profile} found. */
export interface Profile<Result> {
  /** What the action returned. */
  readonly result: Result;
  /** Milliseconds that the action took. */
  readonly ms: number;
  /** Where TensorFlow's time went, the slowest op first. */
  readonly ops: readonly ProfiledOp[];
}

/**
 * Measures how long each TensorFlow op takes while an action runs, those inside compiled calls included, with
 * TensorFlow's own profiler.
 *
 * Whatever else the process computes meanwhile is measured too. Some tens of bytes are kept for each op that runs, so
 * profile some steps and not whole trainings, after a first call, which traces and compiles. Networks of many small ops
 * run more slowly meanwhile.
 *
 * @param action what is profiled; awaited
 * @throws {Error} if TensorFlow does not run natively, its profiler cannot be reached, or another profile is being
 *   made; what the action throws
 *
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const x = tf.randomNormal([64, 64]);
 * const { result, ops } = await ga.profile(async () => tf.tidy(() => tf.sum(tf.matMul(x, x))));
 * console.log(ops.map(({ op, count }) => `${op} × ${count}`), result.shape);
 */
export async function profile<Result>(action: () => Promise<Result>): Promise<Profile<Result>> {
  checkFunction(action, "what is to be profiled");
  const binding = graphBinding();
  if (!binding) throw new Error(`Expected TensorFlow's profiler but ${graphFallback()}: run \`gradamp setup\``);
  binding.startProfile();
  const start = performance.now();
  let result: Result;
  let ms: number;
  let timeline: Uint8Array;
  try {
    result = await action();
    ms = performance.now() - start;
  } finally {
    timeline = new Uint8Array(binding.stopProfile());
  }
  return { result, ms, ops: readTimeline(timeline) };
}
