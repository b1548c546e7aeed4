import { type Tensor, tf } from "../tensorflow";
import { backendInternals } from "./backend-internals";
import { BoundTrace } from "./bound-trace";
import { type DefinedFunction, defineStep } from "./define-step";
import type { Output } from "./structure";
import { type InputSpec, trace, type Trace } from "./trace";

/** A step traced for inputs of certain types and shapes, and defined as a function. */
export interface TracedFunction {
  readonly bound: BoundTrace;
  readonly defined: DefinedFunction;
}

/**
 * The functions of a step, one for each combination of input types and shapes; the one used longest ago goes when there
 * are too many.
 */
export class TraceCache {
  readonly #functions = new Map<string, TracedFunction>();
  #traces = 0;

  constructor(
    readonly step: (...inputs: Tensor[]) => Output,
    readonly prepare: (trace: Trace) => Trace,
    readonly define: (trace: Trace) => DefinedFunction,
    readonly limit: number,
  ) {}

  /** How often the step has been traced. */
  get traces(): number {
    return this.#traces;
  }

  /** The function for these inputs; traces the step where there is none, or where what it stood on is gone. */
  get(inputs: readonly Tensor[]): TracedFunction {
    const specs = inputs.map(specOf);
    const key = JSON.stringify(specs);
    const known = this.#functions.get(key);
    if (known) this.#functions.delete(key);
    if (known?.bound.isStale()) release(known);
    const found = known && !known.bound.isStale() ? known : this.#trace(specs, inputs);
    this.#functions.set(key, found);
    for (const [oldest, entry] of this.#functions) {
      if (this.#functions.size <= this.limit) break;
      this.#functions.delete(oldest);
      release(entry);
    }
    return found;
  }

  dispose(): void {
    for (const entry of this.#functions.values()) release(entry);
    this.#functions.clear();
  }

  #trace(specs: readonly InputSpec[], inputs: readonly Tensor[]): TracedFunction {
    let traced = this.#traceOnce(specs);
    if (traced.created.length > 0) {
      initialise(traced, inputs);
      traced = this.#traceOnce(specs);
    }
    try {
      traced = this.prepare(traced);
      return { bound: new BoundTrace(traced), defined: this.define(traced) };
    } catch (error) {
      traced.dispose();
      throw error;
    }
  }

  #traceOnce(specs: readonly InputSpec[]): Trace {
    this.#traces++;
    return trace(this.step, specs);
  }
}

function specOf(tensor: Tensor): InputSpec {
  return { dtype: backendInternals().tensorMap.get(tensor.dataId).dtype, shape: tensor.shape };
}

function release({ bound, defined }: TracedFunction): void {
  defined.remove();
  bound.trace.dispose();
}

/**
 * Gives the variables that a step made when it was first traced their initial values, by running that part of the graph
 * alone; the trace is of no further use, since from now on the step finds its variables there.
 */
function initialise(traced: Trace, inputs: readonly Tensor[]): void {
  const { created } = traced;
  const backend = backendInternals();
  try {
    const bound = new BoundTrace(traced);
    const defined = defineStep(
      traced,
      created.map(({ initial }) => initial),
      "initial_values",
    );
    try {
      const results = backend.binding.executeOp(defined.name, [], bound.inputIds(inputs), created.length);
      bound.tensors(results).forEach((tensor, at) => {
        created[at]!.variable.assign(tensor as never);
        tf.dispose(tensor);
      });
    } finally {
      defined.remove();
    }
  } catch (error) {
    for (const { variable } of created) variable.dispose();
    throw error;
  } finally {
    traced.dispose();
  }
}
