import { type Tensor, tf } from "../tensorflow";
import { backendInternals } from "./backend-internals";
import { BoundTrace } from "./bound-trace";
import { type DefinedFunction, defineStep, written } from "./loops/define-step";
import { isDisguised } from "./loops/travelling";
import type { Output } from "./structure";
import { type InputSpec, trace, type Trace } from "./trace";
import { TraceError } from "./trace-error";

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
  ) {
    if (!(Number.isInteger(limit) && limit > 0))
      throw new RangeError(`Expected cacheSize to be a whole number above 0 but found ${limit}`);
  }

  /** How often the step has been traced for inputs that it was not ready for. */
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
    this.#traces++;
    let traced = this.#traceFully(specs, inputs);
    try {
      traced = this.prepare(traced);
      const defined = this.define(traced);
      // The function does not need the graph that it was made of.
      traced.graph.dispose();
      return { bound: new BoundTrace(traced), defined };
    } catch (error) {
      traced.dispose();
      throw error;
    }
  }

  /** Traces until the step finds everything there that it makes in its first call. */
  #traceFully(specs: readonly InputSpec[], inputs: readonly Tensor[]): Trace {
    const rescue = (partial: Trace) => initialise(partial, inputs);
    const first = trace(this.step, specs, rescue);
    if (first.created.length === 0 && first.kept.length === 0) return first;
    try {
      if (first.created.length > 0) initialise(first, inputs);
      else first.dispose();
      const second = trace(this.step, specs, rescue);
      tf.dispose(second.kept as Tensor[]);
      try {
        assertAlike(first, second);
      } catch (error) {
        second.dispose();
        throw error;
      }
      return second;
    } finally {
      tf.dispose(first.kept as Tensor[]);
    }
  }
}

/** A step that does something else in its first call than in later ones is no step that can be traced. */
function assertAlike(first: Trace, second: Trace): void {
  if (second.created.length > 0) {
    for (const { variable } of second.created) variable.dispose();
    throw new TraceError(
      `Expected a traced step to make its variables once but it makes ${second.created.length} new ones in each call: ` +
        `make them outside of it`,
    );
  }
  const before = new Set([
    ...written(first).map(({ variable }) => variable),
    ...first.created.flatMap(({ variable, initial, last }) => (last === initial ? [] : [variable])),
  ]);
  const after = new Set(written(second).map(({ variable }) => variable));
  const odd = [...before, ...after].find((variable) => before.has(variable) !== after.has(variable));
  if (odd) {
    throw new TraceError(
      `Expected a traced step to do the same in every call but it assigns variable ${odd.name} only ` +
        `${before.has(odd) ? "in its first call" : "after its first call"}: give variables their first values outside of it`,
    );
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
 * alone; the trace is disposed of, since from now on the step finds its variables there.
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
      const results = bound.call(inputs, (ids) => backend.binding.executeOp(defined.name, [], ids, created.length));
      const disguised = created.map(({ initial }) => isDisguised(initial));
      bound.tensors(results, disguised).forEach((tensor, at) => {
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
