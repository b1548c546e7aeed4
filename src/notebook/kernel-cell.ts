import { sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A Jupyter MIME bundle: MIME type to text, base64 or JSON. */
export type MimeBundle = Record<string, unknown>;

interface DisplayMessage {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}
type WriteDisplay = (message: DisplayMessage, update?: boolean) => void;
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

/** The running cell: how it displays, and what tells it from other cells (null where that is not known). */
export interface KernelCell {
  /** A function of this execution: the same as long as the same execution runs. */
  write: WriteDisplay;
  identity: string | null;
}

/** Which cell each execution belongs to, by the function with which it displays. */
const identities = new WeakMap<WriteDisplay, string>();
let watched: TslabJupyter | null = null;

const pending = new Set<Promise<unknown>>();

/**
 * Keeps the kernel busy until the work is done, after the cell's code has ended: what a client receives once a cell is
 * idle no longer belongs to it. Eight seconds at most, so that nothing that hangs can hang the notebook.
 */
export function beforeIdle(work: Promise<unknown>): void {
  const settled = Promise.race([work, delay(8000, undefined, { ref: false })])
    .catch(() => undefined)
    .finally(() => pending.delete(settled));
  pending.add(settled);
}

/**
 * Notes which cell each execution belongs to: by the id that JupyterLab sends, else by its text.  "Run all" sends every
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

/** The cell that runs now, or null outside a tslab kernel. */
export function kernelCell(): KernelCell | null {
  const jupyter = tslabJupyter();
  const write = jupyter?.lastWriteDisplayData;
  if (!jupyter || !write) return null;
  watch(jupyter);
  return { write, identity: identities.get(write) ?? null };
}

// From the moment a cell imports us, the cells after it are known.
kernelCell();
