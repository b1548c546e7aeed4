import type { EventEmitter } from "node:events";
import { createLoop } from "./create-loop";
import type { EngineName, Loop, LoopBody, LoopOptions } from "./loop";

/** Where a notebook's kernel tells of interrupts, by the event "interrupt"; it waits for who listens. */
const INTERRUPTS = Symbol.for("gradamp.interrupts");

/**
 * Makes a step ready to be run many times. In a notebook of gradamp's kernel, an interrupt ends a running call at the
 * next step boundary, and the call resolves with the number of steps done.
 *
 * @param body One step: it is called with the step's index and the inputs of `run`, and traced once.
 * @param options Precision, seed and the variables to keep readable; `engine` is "graph" wherever TensorFlow's graphs are
 *   available, unless it is given.
 * @throws {RangeError} if the graph engine is asked for and not available, or a precision that the engine does not have
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const sum = tf.variable(tf.scalar(0));
 * const loop = ga.graph.loop((index, x) => sum.assign(tf.add(sum, tf.mul(x, tf.cast(index, "float32")))));
 * await loop.run({ first: 0, last: 5, inputs: [tf.scalar(2)] });
 * sum.print(); // 20
 * loop.dispose();
 */
export function interruptibleLoop(body: LoopBody, options: LoopOptions & { readonly engine?: EngineName } = {}): Loop {
  const loop = createLoop(body, options);
  return {
    engine: loop.engine,
    run: async (call) => {
      const interrupts = (globalThis as { [INTERRUPTS]?: EventEmitter })[INTERRUPTS];
      if (!interrupts) return loop.run(call);
      let stopped = false;
      const stop = () => (stopped = true);
      interrupts.on("interrupt", stop);
      try {
        return await loop.run({ ...call, shouldStop: () => stopped || (call.shouldStop?.() ?? false) });
      } finally {
        interrupts.off("interrupt", stop);
      }
    },
    read: (variable) => loop.read(variable),
    dispose: () => loop.dispose(),
  };
}
