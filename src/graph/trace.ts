import { type Tensor, tf, type Variable } from "../tensorflow";
import { EngineWatch } from "./engine-watch";
import type { Graph, Value } from "./graph";
import { type Capture, Recorder } from "./recorder";
import { flatten, type Output } from "./structure";
import { TracedOptimizers } from "./traced-optimizers";

/** A variable that a step reads or writes. */
export interface State {
  readonly variable: Variable;
  /** What it holds before the step. */
  readonly before: Value;
  /** What it holds afterwards, or null where the step only reads it. */
  readonly after: Value | null;
}

/** A variable that the step made, as optimizers make their slots in their first step. */
export interface NewVariable {
  readonly variable: Variable;
  readonly initial: Value;
  /** What it holds after the step. */
  readonly last: Value;
}

/** A step as a graph. */
export interface Trace {
  readonly graph: Graph;
  readonly inputs: readonly Value[];
  readonly captures: readonly Capture[];
  readonly state: readonly State[];
  readonly created: readonly NewVariable[];
  /** Tensors without values that JavaScript still holds (`tf.keep`); whoever is done with the trace disposes of them. */
  readonly kept: readonly Tensor[];
  readonly optimizers: TracedOptimizers;
  readonly outputs: readonly Value[];
  /** Puts tensors in the places of the step's outputs. */
  rebuild(tensors: readonly Tensor[]): Output;
  dispose(): void;
}

interface Engine {
  readonly state: { readonly registeredVariables: Record<string, Variable> };
}

/** Type and shape of an input of a step; the type is TensorFlow's number. */
export interface InputSpec {
  readonly dtype: number;
  readonly shape: readonly number[];
}

/**
 * Traces a step: calls it once, with tensors that stand for its inputs and for the variables' values, and writes down
 * which ops it runs. Nothing is computed and every variable keeps its value.
 *
 * @param rescue gets the trace as far as it goes where the step fails after it made variables: whoever holds them, an
 * optimizer say, goes on holding them, so they need values
 * @throws {TraceError} if the step cannot become a graph; the message names the op
 */
export function trace(
  step: (...inputs: Tensor[]) => Output,
  specs: readonly InputSpec[],
  rescue: (partial: Trace) => void = disposeCreated,
): Trace {
  const recorder = new Recorder();
  const { registeredVariables } = (tf.engine() as unknown as Engine).state;
  const variables = Object.values(registeredVariables);
  // Holds the variables' data while they stand for something else.
  const held = variables.map((variable) => tf.keep(variable.clone()));
  const before = new Map<Variable, { dataId: object; value: Value }>();
  const inputs: Value[] = [];
  const watch = new EngineWatch(
    (variable) => recorder.valueOf(variable),
    (message) => recorder.refuse(message),
  );
  const optimizers = new TracedOptimizers();

  const run = () => {
    const own = specs.map(({ dtype, shape }) => recorder.argument(dtype, shape));
    inputs.push(...own.map(({ value }) => value));
    for (const variable of variables) {
      const { tensor, value } = recorder.argument(recorder.typeOf(variable), variable.shape);
      before.set(variable, { dataId: tensor.dataId, value });
      variable.assign(tensor as never);
    }
    const call = () => step(...own.map(({ tensor }) => tensor));
    return recorder.record(() => {
      const { rebuild, tensors } = flatten(watch.watch(() => optimizers.watch(call)));
      return { rebuild, outputs: tensors.map((tensor) => recorder.valueOf(tensor)) };
    });
  };
  const result = (
    { outputs, rebuild }: Pick<Trace, "outputs" | "rebuild">,
    last: (variable: Variable) => Value | null,
  ): Trace => {
    const used = new Set(recorder.graph.nodes.flatMap((node) => node.inputs).concat(outputs));
    const state = [...before].map(([variable, { dataId, value }]): State => ({
      variable,
      before: value,
      after: variable.dataId === dataId ? null : last(variable),
    }));
    const alive = watch.made.filter(({ variable }) => !variable.isDisposed);
    return {
      graph: recorder.graph,
      inputs,
      captures: recorder.captures,
      state: state.filter((entry) => entry.after !== null || used.has(entry.before)),
      created: alive.map((entry) => ({ ...entry, last: last(entry.variable) ?? entry.initial })),
      kept: watch.kept.filter((tensor) => !tensor.isDisposed && recorder.owns(tensor)),
      optimizers,
      outputs,
      rebuild,
      dispose: () => recorder.dispose(),
    };
  };
  const failed: Trace[] = [];
  try {
    return tf.tidy(() => {
      try {
        return result(run(), (variable) => recorder.valueOf(variable)) as never;
      } catch (error) {
        failed.push(result({ outputs: [], rebuild: () => undefined }, () => null));
        throw error;
      }
    });
  } finally {
    variables.forEach((variable, at) => variable.assign(held[at] as never));
    tf.dispose(held);
    for (const partial of failed) {
      tf.dispose(partial.kept as Tensor[]);
      try {
        if (partial.created.length > 0) rescue(partial);
        else partial.dispose();
      } catch {
        // Why the step failed matters more.
      }
    }
  }
}

function disposeCreated(partial: Trace): void {
  for (const { variable } of partial.created) variable.dispose();
  partial.dispose();
}
