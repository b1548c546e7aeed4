import { CellCompiler } from "../cell-compiler";
import type { CompilerBase } from "../compiler-base";

/** What the process understands: the methods of `CellCompiler` that answer, or change what it knows. */
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

/** Answers a kernel's requests, one after the other, for as long as it lives; the first one tells the notebook's folder. */
export function serveCompiler(base: CompilerBase): void {
  let compiler: CellCompiler | null = null;
  // A terminal interrupts all that runs in it; what runs a cell is interrupted otherwise.
  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => process.exit(0));
  process.on("message", (message: CompilerRequest | { folder: string }) => {
    if ("folder" in message) {
      compiler = new CellCompiler(base, message.folder);
      return;
    }
    const { id, method, values } = message;
    const answer: CompilerAnswer = { id };
    try {
      answer.result = (compiler?.[method] as (...values: unknown[]) => unknown).apply(compiler, values);
    } catch (error) {
      answer.error = (error as Error).message;
    }
    process.send?.(answer);
  });
}
