import { constants } from "node:os";
import { EXIT } from "../../spec/exit-codes";

/** What the process exits with when a signal has ended a run that can go on. */
const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.stopped, SIGUSR1: EXIT.stopped } as const;

/** Lets the first signal end a run at its next step, and the second one the process. */
export class StopSignals {
  /** 0 as long as no signal has come. */
  exitCode = 0;
  readonly #controller = new AbortController();
  readonly #listen = (name: NodeJS.Signals) => {
    if (this.exitCode !== 0) process.exit(128 + constants.signals[name]);
    this.exitCode = CODES[name as keyof typeof CODES];
    this.#controller.abort();
  };

  constructor() {
    for (const name of Object.keys(CODES)) process.on(name, this.#listen);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  release(): void {
    for (const name of Object.keys(CODES)) process.off(name, this.#listen);
  }
}
