import { type Optimizer, tf } from "../tensorflow";

interface Counting {
  incrementIterations(): void;
}

/**
 * The `tf.train` optimizers that a traced step uses. Some hold their rate as a JavaScript number, which a trace freezes,
 * and all count their steps in JavaScript, which a compiled step does not run.
 */
export class TracedOptimizers {
  /** Each with its settings at the trace. */
  readonly #settings = new Map<Optimizer, string>();

  /** Runs a step and notes which optimizers it asks for an update. */
  watch<Result>(step: () => Result): Result {
    // What every optimizer of tfjs calls in applyGradients.
    const { prototype } = tf.Optimizer as unknown as { prototype: Counting };
    const original = prototype.incrementIterations;
    const note = (optimizer: Optimizer) => this.#settings.set(optimizer, settingsOf(optimizer));
    prototype.incrementIterations = function (this: Optimizer) {
      note(this);
    };
    try {
      return step();
    } finally {
      prototype.incrementIterations = original;
    }
  }

  /** Whether somebody has given one of them another rate, so that the trace no longer does what they would. */
  get changed(): boolean {
    return [...this.#settings].some(([optimizer, settings]) => settingsOf(optimizer) !== settings);
  }

  /** Counts steps that were run without them. */
  count(steps: number): void {
    for (const optimizer of this.#settings.keys()) {
      for (let step = 0; step < steps; step++) (optimizer as unknown as Counting).incrementIterations();
    }
  }
}

function settingsOf(optimizer: Optimizer): string {
  return JSON.stringify(optimizer.getConfig());
}
