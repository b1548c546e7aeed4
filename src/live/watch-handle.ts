import { inspect } from "node:util";
import { kernelCell } from "../cell/kernel-cell";
import type { KernelCell, MimeBundle } from "../cell/running-cell";

/** A dashboard that is being shown. */
export class Watch {
  readonly #finished: Promise<void>;
  readonly #resolve: () => void;
  readonly #stops: (() => void)[] = [];
  /** The executions of cells that began it or wait for its end. */
  readonly #cells = new Set<KernelCell | null>([kernelCell()]);
  #ended = false;

  constructor() {
    let resolve = () => {};
    this.#finished = new Promise((done) => (resolve = done));
    this.#resolve = resolve;
  }

  /** Settles when the run has ended, or watching has. */
  get finished(): Promise<void> {
    this.#cells.add(kernelCell());
    return this.#finished;
  }

  /** Whether the run has ended, or watching has. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether an interrupt now is meant for it: the running cell, or else the last one, began it or waits for its end. */
  get isOfThisCell(): boolean {
    return this.#cells.has(kernelCell());
  }

  /** Stops watching; the run goes on, and the dashboard stays as it is. */
  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.end();
  }

  /** Called by who watches: what is to be done when watching is stopped. */
  onStop(stop: () => void): void {
    this.#stops.push(stop);
  }

  /** Called by who watches: there is nothing more to come. */
  end(): void {
    this.#ended = true;
    this.#resolve();
  }

  /** The last value of a cell that has shown itself already. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return {};
  }

  [inspect.custom](): string {
    return this.#ended ? "Dashboard, ended" : "Dashboard";
  }
}
