import { inspect } from "node:util";
import type { MimeBundle } from "../kernel-cell";

/** A dashboard that is being shown. */
export class Watch {
  /** Settles when the run has ended, or watching has. */
  readonly finished: Promise<void>;
  readonly #resolve: () => void;
  readonly #stops: (() => void)[] = [];
  #ended = false;

  constructor() {
    let resolve = () => {};
    this.finished = new Promise((done) => (resolve = done));
    this.#resolve = resolve;
  }

  get ended(): boolean {
    return this.#ended;
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
