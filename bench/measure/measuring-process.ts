import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { killFirst, processMemory } from "./memory";
import type { Ready, Task, Timing } from "./task";

/** Why a process can measure nothing here, which is no fault: another Python, another processor. */
export class Unavailable extends Error {}

/** Something that runs training steps when told to, and says how long they took. */
export interface StepRunner {
  /** How it is called in messages. */
  readonly label: string;
  /** Starts it and runs a first step. */
  start(): Promise<void>;
  run(steps: number): Promise<Timing>;
  /** What it holds and has held, in bytes; null where that is not known or it is not alive. */
  memory(): { readonly held: number; readonly peak: number } | null;
  /** Ends it; it may be started again. */
  stop(): Promise<void>;
}

/**
 * A process that measures one engine on one network, kept alive between repeats.
 *
 * It reads numbers of steps from its standard input, one a line, and answers each with a {@link Timing} on file
 * descriptor 3, the first answer being {@link Ready}: what libraries write to standard output is not in the way. What it
 * writes to standard error is kept for the case that it dies.
 */
export class MeasuringProcess implements StepRunner {
  ready: Exclude<Ready, { unavailable: string }> | null = null;
  #child: ChildProcess | null = null;
  #stderr = "";
  #answers: AsyncIterator<string> | null = null;

  constructor(
    readonly label: string,
    readonly command: readonly string[],
    readonly task: Task,
    readonly environment: Readonly<Record<string, string>> = {},
  ) {}

  /** @throws {Unavailable} where the process says that it cannot */
  async start(): Promise<void> {
    const [program = "", ...words] = this.command;
    const child = spawn(program, [...words, JSON.stringify(this.task)], {
      stdio: ["pipe", "ignore", "pipe", "pipe"],
      env: { ...process.env, ...this.environment },
    });
    this.#child = child;
    this.#stderr = "";
    if (child.pid !== undefined) killFirst(child.pid);
    child.on("error", (error) => (this.#stderr += `${error.message}\n`));
    child.stdin!.on("error", () => undefined); // its death is told by the answer that does not come
    child.stderr!.on("data", (bytes: Buffer) => (this.#stderr = (this.#stderr + bytes.toString()).slice(-10_000)));
    this.#answers = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]();
    const ready = (await this.#answer()) as Ready;
    if ("unavailable" in ready) throw new Unavailable(ready.unavailable);
    const { parameters } = this.task;
    if (ready.parameters !== null && ready.parameters !== parameters)
      throw new Error(`Expected ${parameters} trainable parameters but ${this.label} has ${ready.parameters}`);
    this.ready = ready;
  }

  async run(steps: number): Promise<Timing> {
    this.#child!.stdin!.write(`${steps}\n`);
    return (await this.#answer()) as Timing;
  }

  memory(): { readonly held: number; readonly peak: number } | null {
    return this.#child?.pid === undefined ? null : processMemory(this.#child.pid);
  }

  /** Ends the process: by the end of its input, and by force where that does not help within five seconds. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.stdin!.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await gone;
    clearTimeout(timer);
  }

  async #answer(): Promise<unknown> {
    const { value, done } = await this.#answers!.next();
    if (!done) return JSON.parse(value as string);
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      await new Promise((resolve) => child.once("exit", resolve));
    const how = child?.signalCode ? ` by ${child.signalCode}` : "";
    const said = this.#stderr.trim().split("\n").slice(-12).join("\n");
    throw new Error(`${this.label} ended${how} before it answered:\n${said}`);
  }
}
