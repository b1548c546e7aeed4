import type { EventEmitter } from "node:events";
import { resolve } from "node:path";
import type { Comm, CommMessage } from "./comm";
import type { KernelCell } from "./running-cell";
import { tslabCell, tslabBeforeIdle } from "./tslab-cell";

/** What gradamp's kernel offers the code of its cells. */
export interface KernelHost {
  cell(): KernelCell | null;
  beforeIdle(work: Promise<unknown>): void;
  saving(folder: string): void;
  /** Asks the user for a line; rejects where the client cannot ask. */
  ask(question: { prompt: string; password: boolean }): Promise<string>;
  /** Takes away what the cell has shown. */
  clear(wait: boolean): void;
  /** Opens a comm to what the client knows by a name. */
  openComm(target: string, id: string, message: CommMessage): Comm;
  /** Calls the listener for each comm that the client opens to a name. */
  onComm(target: string, listener: (comm: Comm, message: CommMessage) => void): void;
  /** Jupyter's id of this kernel; null where it was started otherwise. */
  readonly kernelId: string | null;
  /** Calls the listener whenever a client has connected; returns what ends that. */
  onClient(listener: () => void): () => void;
}

/** gradamp's kernel, where this process belongs to one. */
export const kernelHost = (): KernelHost | undefined =>
  (globalThis as { [name: symbol]: KernelHost | undefined })[Symbol.for("gradamp.kernel")];

/** Where gradamp's kernel tells of interrupts: "requested" when it hears one, "interrupt" to all whom it waits for. */
export function kernelInterrupts(): EventEmitter | undefined {
  return (globalThis as { [name: symbol]: EventEmitter | undefined })[Symbol.for("gradamp.interrupts")];
}

/** The cell that runs now, or null outside a kernel; gradamp's own kernel, or plain tslab. */
export function kernelCell(): KernelCell | null {
  return kernelHost()?.cell() ?? tslabCell();
}

/**
 * Keeps the kernel busy until the work is done, after the cell's code has ended: what a client receives once a cell is
 * idle no longer belongs to it. Eight seconds at most, so that nothing that hangs can hang the notebook.
 */
export function beforeIdle(work: Promise<unknown>): void {
  const kernel = kernelHost();
  if (kernel) kernel.beforeIdle(work);
  else tslabBeforeIdle(work);
}

/** Tells the kernel where work is kept: should the process die, its user is told what was saved. */
export function noteSaving(folder: string): void {
  kernelHost()?.saving(resolve(folder));
}

/** Jupyter's id of this kernel, by which a page can find it again; null where it is not known. */
export function kernelId(): string | null {
  return kernelHost()?.kernelId ?? null;
}

/** Calls the listener whenever a client has connected to the kernel, where the kernel tells; returns what ends that. */
export function onClient(listener: () => void): () => void {
  return kernelHost()?.onClient(listener) ?? (() => undefined);
}

// From the moment a cell imports us, the cells after it are known.
kernelCell();
