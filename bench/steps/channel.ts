import { readSync, writeSync } from "node:fs";
import type { Ready, Task, Timing } from "../measure/task";

/** What the process was told when it was started. */
export function taskOfProcess(): Task {
  return JSON.parse(process.argv[2] ?? "{}") as Task;
}

/** Answers whoever started the process. */
export function answer(value: Ready | Timing): void {
  writeSync(3, `${JSON.stringify(value)}\n`);
}

/**
 * How many steps are wanted next; null where the input has ended.
 *
 * Blocks the whole process, so that it is still while another one is measured.
 */
export function nextSteps(): number | null {
  let line = "";
  const byte = Buffer.alloc(1);
  for (;;) {
    try {
      if (readSync(0, byte) === 0) return null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      continue;
    }
    const character = byte.toString("latin1");
    if (character === "\n") return Number(line);
    line += character;
  }
}
