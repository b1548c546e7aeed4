import { type Tensor, tf, type Variable } from "../tensorflow";
import { backendInternals, type OutputMetadata } from "./backend-internals";
import { DataType } from "./data-type";
import { traceInputs, written } from "./loops/define-step";
import { bitcastTypes, isDisguised } from "./loops/travelling";
import type { Trace } from "./trace";

/** A trace's tie to the tensors outside: what a call takes from them, and what it gives back. */
export class BoundTrace {
  readonly #backend = backendInternals();
  readonly #written: readonly Variable[];
  /** Which inputs, outputs and written variables the function takes and gives in disguise. */
  readonly #disguised: { readonly inputs: boolean[]; readonly outputs: boolean[]; readonly written: boolean[] };

  constructor(readonly trace: Trace) {
    this.#written = written(trace).map(({ variable }) => variable);
    this.#disguised = {
      inputs: traceInputs(trace).map(isDisguised),
      outputs: trace.outputs.map(isDisguised),
      written: written(trace).map(({ after }) => isDisguised(after)),
    };
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

  /**
   * Hands a call the addon's ids of what it takes: its own tensors, what was captured, the variables.
   *
   * @param own the call's tensors
   * @param more how many of them, after the first, are the function's and not the step's, as a loop's last index is
   */
  call<Result>(own: readonly Tensor[], run: (ids: number[]) => Result, more = 0): Result {
    const { captures, state } = this.trace;
    const ids = this.#backend.getInputTensorIds([...own, ...captures, ...state.map(({ variable }) => variable)]);
    const { inputs } = this.#disguised;
    if (!inputs.includes(true)) return run(ids);
    const disguised = [...inputs.slice(0, 1), ...Array<boolean>(more).fill(false), ...inputs.slice(1)];
    const lent: Tensor[] = [];
    try {
      return run(
        ids.map((id, at) => {
          if (!disguised[at]) return id;
          const [metadata] = this.#recast(id, DataType.int32, DataType.float32);
          lent.push(this.#backend.createOutputTensor(metadata!));
          return metadata!.id;
        }),
      );
    } finally {
      // A call that goes on holds what it takes.
      tf.dispose(lent);
    }
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
      const value = this.#revealed(metadata, this.#disguised.written[at]!);
      this.#written[at]!.assign(value as never);
      value.dispose();
    });
    this.trace.optimizers.count(steps);
  }

  /** The step's outputs; who calls owns them. */
  outputs(results: readonly OutputMetadata[]): Tensor[] {
    return this.tensors(results, this.#disguised.outputs);
  }

  /**
   * What a function gave, as tensors.
   *
   * @param disguised which of them are int32 that came as float32
   */
  tensors(results: readonly OutputMetadata[], disguised: readonly boolean[] = []): Tensor[] {
    return results.map((metadata, at) => this.#revealed(metadata, disguised[at] ?? false));
  }

  #revealed(metadata: OutputMetadata, disguised: boolean): Tensor {
    const tensor = this.#backend.createOutputTensor(metadata);
    if (!disguised) return tensor;
    const [own] = this.#recast(metadata.id, DataType.float32, DataType.int32);
    tensor.dispose();
    return this.#backend.createOutputTensor(own!);
  }

  #recast(id: number, from: number, to: number): OutputMetadata[] {
    return this.#backend.binding.executeOp("Bitcast", bitcastTypes(from, to), [id], 1);
  }
}
