import { Worker } from "node:worker_threads";
import { join } from "node:path";
import type { Compilation } from "./cell-compiler";
import type { Completeness } from "./completeness";
import type { CompletionReply } from "./describe-completions";
import type { SymbolDescription } from "./describe-symbol";

/** What the thread understands: the methods of `CellCompiler` that answer, or change what it knows. */
export type CompilerMethod = "compile" | "keep" | "forget" | "complete" | "inspect" | "isComplete" | "warmUp";

export interface CompilerRequest {
  id: number;
  method: CompilerMethod;
  values: unknown[];
}
export interface CompilerAnswer {
  id: number;
  result?: unknown;
  error?: string;
}

/**
 * A `CellCompiler` in a thread of its own: reading the types of gradamp takes seconds, in which interrupts and the
 * heartbeat must be answered. Requests are worked off in order.
 */
export class CompilerThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #lastId = 0;
  /** Settles when TypeScript has been read. */
  readonly ready: Promise<unknown>;
  #ready = false;

  /** @param folder see `CellCompiler` */
  constructor(folder: string) {
    this.#worker = new Worker(join(__dirname, "compiler-worker.js"), { workerData: { folder } });
    this.#worker.on("message", ({ id, result, error }: CompilerAnswer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
    });
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("The compiler has ended")));
    this.ready = this.isComplete("").then(
      () => (this.#ready = true),
      () => undefined,
    );
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

  async close(): Promise<void> {
    this.#worker.removeAllListeners("exit");
    await this.#worker.terminate();
  }

  #ask(method: CompilerMethod, ...values: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, values } satisfies CompilerRequest);
    });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
