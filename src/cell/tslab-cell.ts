import { sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { KernelCell } from "./running-cell";

type WriteDisplay = KernelCell["write"];
type HandleExecute = (this: ZmqServer, socket: unknown, message: ExecuteMessage) => Promise<void>;

interface ZmqServer {
  handler: {
    handleExecute(request: unknown, writeStream: unknown, writeDisplay: WriteDisplay): Promise<unknown>;
  };
}

interface ExecuteMessage {
  content?: { code?: string };
  metadata?: { cellId?: string };
}

/** What tslab's dist/jupyter.js exports, as far as we use it; tslab is pinned for this. */
interface TslabJupyter {
  lastWriteDisplayData: WriteDisplay | null;
  ZmqServer: { prototype: { handleExecute: HandleExecute } };
}

/** Which cell each execution belongs to, by the function with which it displays. */
const identities = new WeakMap<WriteDisplay, string>();
let watched: TslabJupyter | null = null;

const pending = new Set<Promise<unknown>>();

/** See `beforeIdle`. */
export function tslabBeforeIdle(work: Promise<unknown>): void {
  const settled = Promise.race([work, delay(8000, undefined, { ref: false })])
    .catch(() => undefined)
    .finally(() => pending.delete(settled));
  pending.add(settled);
}

/**
 * Notes which cell each execution belongs to: by the id that JupyterLab sends, else by its text. "Run all" sends every
 * cell at once, so the note is tied to the execution and not to what arrived last.
 */
function watch(jupyter: TslabJupyter): void {
  if (watched === jupyter) return;
  watched = jupyter;
  const { prototype } = jupyter.ZmqServer;
  const handle = prototype.handleExecute;
  prototype.handleExecute = async function (socket, message) {
    const identity = message.metadata?.cellId ?? message.content?.code;
    const { handler } = this;
    const execute = handler.handleExecute;
    handler.handleExecute = (request, writeStream, writeDisplay) => {
      if (identity !== undefined) identities.set(writeDisplay, identity);
      return execute.call(handler, request, writeStream, writeDisplay);
    };
    // tslab hands the execution on before it first waits.
    const handled = handle.call(this, socket, message);
    handler.handleExecute = execute;
    await handled;
    await Promise.all(pending);
  };
}

function tslabJupyter(): TslabJupyter | null {
  const tail = ["tslab", "dist", "jupyter.js"].join(sep);
  const name = Object.keys(require.cache).find((path) => path.endsWith(sep + tail));
  return name === undefined ? null : (require.cache[name]?.exports as TslabJupyter);
}

/** The cell that runs now in a kernel of plain tslab, or null outside one. */
export function tslabCell(): KernelCell | null {
  const jupyter = tslabJupyter();
  const write = jupyter?.lastWriteDisplayData;
  if (!jupyter || !write) return null;
  watch(jupyter);
  return { write, identity: identities.get(write) ?? null };
}
