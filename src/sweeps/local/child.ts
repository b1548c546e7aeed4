import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { EXIT } from "../../spec/exit-codes";

/** How a child ended. */
export interface ChildEnd {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A trial's process. What it says goes to a log, so that it does not depend on its parent's life. */
export class Child {
  readonly ended: Promise<ChildEnd>;
  readonly started = Date.now();
  readonly #process: ChildProcess;

  constructor(command: readonly string[], options: { log: string; env: NodeJS.ProcessEnv }) {
    const log = openSync(options.log, "a");
    writeSync(log, `--- ${new Date().toISOString()} ${command.join(" ")}\n`);
    const [program = "", ...words] = command;
    // A process group of its own: Ctrl-C reaches the sweep, which asks each child once; a second signal would kill it.
    this.#process = spawn(program, words, { detached: true, stdio: ["ignore", log, log], env: options.env });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      this.#process.once("exit", (code, signal) => resolve({ code, signal }));
      this.#process.once("error", (error) => {
        const file = openSync(options.log, "a");
        writeSync(file, `${error.message}\n`);
        closeSync(file);
        resolve({ code: EXIT.failed, signal: null });
      });
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }
}

/** The last line of a log that says something, of at most so many characters. */
export function lastWords(log: string, most = 300): string | null {
  try {
    const lines = readFileSync(log, "utf8").slice(-8192).split("\n");
    const said = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("--- "));
    // An error's own line says more than the end of its stack.
    const line = said.filter((text) => /error|gradamp:/i.test(text)).at(-1) ?? said.at(-1);
    return line === undefined ? null : line.slice(0, most);
  } catch {
    return null;
  }
}
