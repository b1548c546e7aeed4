import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Duplex, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { answerBell, interruptBell } from "./cells/bell";
import { isFromCells } from "./cells/is-from-cells";
import type { FromCells, ToCells } from "./cells/messages";
import type { InspectorMessage } from "./debugger/debugger";
import { NativeOutput } from "./native-output";

/** How the process in which cells run came to its end. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it wrote last beside its cells' output: messages of native code. */
  log: string[];
  /** Whether the kernel ended it because interrupts did nothing. */
  stopped: boolean;
}

export interface CellProcessEvents {
  message(message: FromCells): void;
  /** Output of child processes and of native code that is no log of TensorFlow's. */
  output(name: "stdout" | "stderr", text: string): void;
  /** Node's inspector of the process tells something. */
  inspector(message: InspectorMessage): void;
  /** A line that is for the kernel's log, not for a cell. */
  log(line: string): void;
  /** An interrupt has found no ear for this many seconds. */
  deaf(seconds: number): void;
  ended(ending: Ending): void;
}

/** How long interrupted code may take to notice before its user is told, in milliseconds. */
const patience = 2000;

/**
 * The process in which cells run, as the kernel sees it.
 *
 * It leads a process group of its own: signals for the kernel's group, as Jupyter sends them, reach the kernel alone,
 * which hands them on in an order that is under control.
 */
export class CellProcess {
  readonly #events: CellProcessEvents;
  readonly #child: ChildProcess;
  readonly #bell: Writable;
  readonly #native: NativeOutput;
  readonly #inspector: Duplex;
  #interrupts = 0;
  #heard = 0;
  #deaf = false;
  #stopped = false;
  #closing = false;
  readonly #ended: Promise<void>;

  constructor(folder: string, kernelId: string | null, events: CellProcessEvents) {
    this.#events = events;
    this.#child = spawn(process.execPath, [join(__dirname, "cells", "main.js"), kernelId ?? ""], {
      cwd: folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe", "pipe"],
    });
    this.#bell = this.#child.stdio[4] as Writable;
    this.#bell.on("error", () => undefined);
    this.#inspector = (this.#child.stdio as unknown[])[5] as Duplex;
    this.#inspector.on("error", () => undefined);
    let rest = "";
    this.#inspector.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) events.inspector(JSON.parse(line) as InspectorMessage);
    });
    this.#native = new NativeOutput(events);
    for (const name of ["stdout", "stderr"] as const) {
      const decoder = new StringDecoder("utf8");
      this.#child[name]?.on("data", (chunk: Buffer) => this.#native.take(name, decoder.write(chunk)));
    }
    this.#child.on("message", (message: unknown) => {
      // Code of a cell may get at the channel; what it says there is nobody's message.
      if (!isFromCells(message)) events.log("The process for cells sent something that is no message");
      else if (message.kind === "interrupted") {
        this.#heard = this.#interrupts;
        this.#deaf = false;
      } else events.message(message);
    });
    this.#ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#native.flush();
        resolve();
        if (!this.#closing) events.ended({ code, signal, log: this.#native.lastLines(), stopped: this.#stopped });
      };
      this.#child.once("error", (error) => {
        events.log(`The process for cells cannot be started: ${error.message}`);
        end(null, null);
      });
      // What it wrote last is still in the pipes when it exits; its children may hold them open for longer.
      this.#child.once("exit", (code, signal) => setTimeout(() => end(code, signal), 50));
    });
  }

  send(message: ToCells): void {
    this.#child.send(message, () => undefined);
  }

  /**
   * Interrupts what runs. Code that has been deaf to an interrupt for two seconds, and its user told so, is stopped by
   * the next one, with its process.
   */
  interrupt(): void {
    if (this.#deaf) {
      this.#stopped = true;
      this.#kill("SIGKILL");
      return;
    }
    const request = ++this.#interrupts;
    this.#bell.write(interruptBell());
    this.send({ kind: "interrupt", request });
    setTimeout(() => {
      if (this.#heard >= request || this.#deaf) return;
      this.#deaf = true;
      this.#events.deaf(patience / 1000);
    }, patience).unref();
  }

  /** Asks Node's inspector of the process, once a debugger has begun. */
  inspect(message: { id: number; method: string; params: object }): void {
    this.#inspector.write(`${JSON.stringify(message)}\n`);
  }

  /** Answers a question with which the thread of the cells waits; null where the client cannot ask. */
  answerWaiting(value: string | null): void {
    this.#bell.write(answerBell(value));
  }

  /** A cell has ended: the next one begins with open ears. */
  rest(): void {
    this.#heard = this.#interrupts;
    this.#deaf = false;
  }

  /** Ends the process and its children. */
  async close(): Promise<void> {
    this.#closing = true;
    this.send({ kind: "shut down" });
    const timer = setTimeout(() => this.#kill("SIGKILL"), 1500);
    await this.#ended;
    clearTimeout(timer);
  }

  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It is gone already.
    }
  }
}
