import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Compilation } from "../cell-compiler";
import type { Completeness } from "../completeness";
import type { CompletionReply } from "../describe-completions";
import { canSnapshot, makeSnapshot, plainEnvironment, snapshotFile } from "./compiler-snapshot";
import type { SymbolDescription } from "../describe-symbol";
import type { CompilerAnswer, CompilerMethod, CompilerRequest } from "./serve-compiler";

/**
 * A `CellCompiler` in a process of its own: reading the types of gradamp takes seconds, in which interrupts and the
 * heartbeat must be answered. Requests are worked off in order.
 *
 * Where an earlier kernel has left a snapshot of the compiler with the types that it has read, the process begins with that.
 */
export class CompilerProcess {
  readonly #folder: string;
  readonly #log: (line: string) => void;
  readonly #waiting = new Map<
    number,
    { request: CompilerRequest; resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #child: ChildProcess | null = null;
  #lastId = 0;
  #closed = false;
  #stopMaking: () => void = () => undefined;
  /** Settles when TypeScript is there. */
  readonly ready: Promise<unknown>;
  #ready = false;

  /**
   * @param folder see `CellCompiler`
   * @param log told what a user need not know
   */
  constructor(folder: string, log: (line: string) => void) {
    this.#folder = folder;
    this.#log = log;
    const snapshot = canSnapshot() ? snapshotFile() : null;
    this.#start(snapshot !== null && existsSync(snapshot) ? snapshot : null);
    this.ready = this.isComplete("").then(
      () => (this.#ready = true),
      () => undefined,
    );
  }

  #start(snapshot: string | null): void {
    const words = snapshot ? ["--no-warnings", "--snapshot-blob", snapshot] : [];
    const child = spawn(process.execPath, [...words, join(__dirname, "compiler-main.js")], {
      // Signals for the kernel's group are not for it.
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: snapshot ? plainEnvironment() : process.env,
    });
    this.#child = child;
    let answered = false;
    child.stderr?.on("data", (text: Buffer) => this.#log(`Compiler: ${text.toString().trimEnd()}`));
    child.on("message", ({ id, result, error }: CompilerAnswer) => {
      answered = true;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
    });
    const end = (why: string) => {
      if (this.#closed || this.#child !== child) return;
      // A snapshot of another Node than it says, or a damaged one.
      if (snapshot && !answered) return this.#start(null);
      const error = new Error(`The compiler has ended ${why}`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    child.on("error", (error) => end(`: ${error.message}`));
    child.on("exit", (code, signal) => end(`with ${signal ?? `status ${code}`}`));
    child.send({ folder: this.#folder }, () => undefined);
    for (const { request } of this.#waiting.values()) child.send(request, () => undefined);
  }

  get isReady(): boolean {
    return this.#ready;
  }

  compile(code: string, count: number): Promise<Compilation> {
    return this.#ask("compile", code, count) as Promise<Compilation>;
  }

  keep(missing: readonly string[] | null): Promise<void> {
    return this.#ask("keep", missing) as Promise<void>;
  }

  forget(): Promise<void> {
    return this.#ask("forget") as Promise<void>;
  }

  complete(code: string, position: number): Promise<CompletionReply> {
    return this.#ask("complete", code, position) as Promise<CompletionReply>;
  }

  inspect(code: string, position: number): Promise<SymbolDescription | null> {
    return this.#ask("inspect", code, position) as Promise<SymbolDescription | null>;
  }

  isComplete(code: string): Promise<Completeness> {
    return this.#ask("isComplete", code) as Promise<Completeness>;
  }

  warmUp(): Promise<boolean> {
    return this.#ask("warmUp") as Promise<boolean>;
  }

  /** Leaves a snapshot for the kernels to come, where there is none; reads on meanwhile. */
  async keepSnapshot(): Promise<void> {
    if (!canSnapshot()) return;
    try {
      await makeSnapshot(snapshotFile(), (stop) => (this.#closed ? stop() : (this.#stopMaking = stop)));
    } catch (error) {
      this.#log(`No snapshot of the compiler: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.#closed = true;
    this.#stopMaking();
    this.#child?.kill("SIGKILL");
  }

  #ask(method: CompilerMethod, ...values: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = { id: ++this.#lastId, method, values };
      this.#waiting.set(request.id, { request, resolve, reject });
      this.#child?.send(request, () => undefined);
    });
  }
}
