import { type Tensor, tf, type Variable } from "../tensorflow";
import { backendInternals, type OutputMetadata } from "./backend-internals";
import { written } from "./loops/define-step";
import type { Trace } from "./trace";

/** A trace's tie to the tensors outside: what a call takes from them, and what it gives back. */
export class BoundTrace {
  readonly #backend = backendInternals();
  readonly #written: readonly Variable[];

  constructor(readonly trace: Trace) {
    this.#written = written(trace).map(({ variable }) => variable);
  }

  /** How many variables a call returns. */
  get writtenCount(): number {
    return this.#written.length;
  }

  /** Whether something that the trace stands on is gone, so that the step must be traced anew. */
  isStale(): boolean {
    const { captures, state, optimizers } = this.trace;
    return (
      optimizers.changed ||
      captures.some(({ dataId }) => !this.#backend.tensorMap.has(dataId)) ||
      state.some(({ variable }) => variable.isDisposed)
    );
  }

  /** The addon's ids of what a call takes: its own tensors, what was captured, the variables. */
  inputIds(own: readonly Tensor[]): number[] {
    const { captures, state } = this.trace;
    return this.#backend.getInputTensorIds([...own, ...captures, ...state.map(({ variable }) => variable)]);
  }

  /** Notes which values the variables hold before a call that returns later. */
  watch(): { assertUnchanged(results: readonly OutputMetadata[]): void } {
    const before = this.#written.map(({ dataId }) => dataId);
    return {
      assertUnchanged: (results) => {
        const changed = this.#written.find((variable, at) => variable.isDisposed || variable.dataId !== before[at]);
        if (changed) {
          tf.dispose(this.tensors(results));
          throw new Error(
            `Expected nobody to assign or dispose of variable ${changed.name} while a compiled call that writes it ran: ` +
              `await the call first`,
          );
        }
      },
    };
  }

  /**
   * Gives the variables their new values; these come without a copy.
   *
   * @param steps how many steps the call has done
   */
  store(results: readonly OutputMetadata[], steps: number): void {
    results.forEach((metadata, at) => {
      const value = this.#backend.createOutputTensor(metadata);
      this.#written[at]!.assign(value as never);
      value.dispose();
    });
    this.trace.optimizers.count(steps);
  }

  tensors(results: readonly OutputMetadata[]): Tensor[] {
    return results.map((metadata) => this.#backend.createOutputTensor(metadata));
  }
}
