import { setImmediate } from "node:timers/promises";
import { tf } from "../tensorflow";
import type { Loop, LoopBody } from "./loop";

/** Runs a body op by op from JavaScript; between steps the event loop turns, so that interrupts are heard. */
export function eagerLoop(body: LoopBody): Loop {
  return {
    engine: "eager",
    async run({ first, last, inputs, onStep, shouldStop }) {
      let index = first;
      while (index < last && !shouldStop?.()) {
        tf.tidy(() => body(tf.scalar(index, "int32"), ...inputs));
        index++;
        onStep?.(index - first);
        await setImmediate();
      }
      return index - first;
    },
    read: (variable) => variable.dataSync<"float32">(),
    dispose() {},
  };
}
