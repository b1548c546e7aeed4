import { constants } from "node:os";
import type { Run } from "../../training";

/** What the process exits with when a signal has ended a run that can go on. */
const CODES = { SIGINT: 130, SIGTERM: 75, SIGUSR1: 75 } as const;

/** Lets the first signal end a run at its next step and the second one the process. */
export class StopSignals {
  /** 0 as long as no signal has come. */
  exitCode = 0;
  #run: Run | null = null;
  readonly #listen = (name: NodeJS.Signals) => {
    if (this.exitCode !== 0) process.exit(128 + constants.signals[name]);
    this.exitCode = CODES[name as keyof typeof CODES];
    this.#run?.stop();
  };

  constructor() {
    for (const name of Object.keys(CODES)) process.on(name, this.#listen);
  }

  /** From now on a signal stops this run; one that came before does so at once. */
  stops(run: Run): void {
    this.#run = run;
    if (this.exitCode !== 0) run.stop();
  }

  release(): void {
    for (const name of Object.keys(CODES)) process.off(name, this.#listen);
  }
}
