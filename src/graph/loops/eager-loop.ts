import { setImmediate } from "node:timers/promises";
import { tf } from "../../tensorflow";
import { Calls } from "../call-queue";
import { checkInputs } from "../check-inputs";
import { DeviceDraws } from "../device-draws";
import { type Loop, type LoopBody, type LoopOptions, notReadable } from "./loop";

/** Runs a body op by op from JavaScript; between steps the event loop turns, so that interrupts are heard. */
export function eagerLoop(body: LoopBody, { seed = 0, readable = [], name = "loop" }: LoopOptions = {}): Loop {
  const draws = new DeviceDraws(seed);
  const calls = new Calls(name, () => draws.dispose());
  return {
    engine: "eager",
    run: ({ first, last, inputs, onStep, shouldStop }) =>
      calls.run(async () => {
        checkInputs(inputs, name);
        let index = first;
        while (index < last && !calls.isClosed && !shouldStop?.()) {
          draws.during(() => void body(tf.scalar(index, "int32"), ...inputs));
          index++;
          onStep?.(index - first);
          await setImmediate();
        }
        return index - first;
      }),
    read(variable) {
      if (!readable.includes(variable)) throw notReadable(variable);
      return variable.dataSync<"float32">();
    },
    dispose: () => calls.close(),
  };
}
