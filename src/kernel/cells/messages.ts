import type { MimeBundle } from "../../cell/running-cell";

/** JavaScript with the source maps that lead back to what the user wrote: outer first, then inner. */
export interface CompiledCode {
  code: string;
  maps: readonly SourceMapPayload[];
}

/** A source map of version 3, as far as it is used. */
export interface SourceMapPayload {
  version: number;
  sources: string[];
  names: string[];
  mappings: string;
}

/** A TypeScript or JavaScript file beside the notebook, compiled. */
export interface CompiledModule extends CompiledCode {
  /** Where its JavaScript would lie. */
  path: string;
  /** The file itself, relative to the notebook's folder: for stack traces. */
  source: string;
}

/** One execution of a cell. */
export interface CellJob extends CompiledCode {
  kind: "run";
  /** Tells this execution from all others. */
  id: number;
  /** Its name in stack traces. */
  name: string;
  /** What stays the same when a cell runs again: its id in the notebook, else its text. */
  identity: string;
  /** Whether it awaits at its top level. */
  isAsync: boolean;
  /** The names that it declares at its top level. */
  declares: readonly string[];
  /** Those of them that go on from an earlier cell's value, as in `var n = n + 1`. */
  continues: readonly string[];
  /** Under which name the value of its last expression is exported; null where it ends otherwise. */
  lastValue: string | null;
  /** Files beside the notebook that are new or have changed. */
  modules: readonly CompiledModule[];
}

/** What the kernel tells the process in which cells run; `preload` is a package that the next cell will import. */
export type ToCells =
  | CellJob
  | { kind: "preload"; name: string }
  | { kind: "interrupt"; request: number }
  /** What the user has answered to a question; null where the client cannot ask. */
  /** A debugger begins. */
  | { kind: "debug" }
  | { kind: "answer"; request: number; value: string | null }
  | CommRelay
  /** A client has connected. */
  | { kind: "client" }
  | { kind: "shut down" };

/** A message of a comm on its way between the client and the cells; its buffers in base64. */
export interface CommRelay {
  kind: "comm";
  type: "comm_open" | "comm_msg" | "comm_close";
  content: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: string[];
}

/** Why a cell failed. */
export interface CellError {
  name: string;
  message: string;
  /** One line for each call, the innermost first, with the positions that the user wrote. */
  stack: string[];
  /** Where in the user's code it happened, both from 1; null where it did not happen there. */
  position: { name: string; line: number; column: number } | null;
}

/** What the process in which cells run tells the kernel; `id` is the execution to which it belongs. */
export type FromCells =
  | { kind: "ready" }
  | { kind: "stream"; id: number; name: "stdout" | "stderr"; text: string }
  | { kind: "display"; id: number; data: MimeBundle; metadata: object; transient: object; update: boolean }
  | { kind: "result"; id: number; data: MimeBundle }
  /** What the cell has shown goes; `wait`: once something else is shown. */
  | { kind: "clear"; id: number; wait: boolean }
  /** A question to the user; `waits`: the thread of the cells waits for the answer. */
  | { kind: "ask"; id: number; request: number; prompt: string; password: boolean; waits: boolean }
  | CommRelay
  /** A run is kept in this folder. */
  | { kind: "saving"; folder: string }
  /** An interrupt has been heard: the event loop is alive. */
  | { kind: "interrupted" }
  /** The cell has ended; `missing` are names that it declares without having given them values, null where none of it ran. */
  | { kind: "done"; id: number; error: CellError | null; missing: string[] | null };
