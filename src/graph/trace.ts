import { type Tensor, tf, type Variable } from "../tensorflow";
import type { Graph, Value } from "./graph";
import { type Capture, Recorder } from "./recorder";
import { flatten, type Output } from "./structure";
import { TraceError } from "./trace-error";

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
}

/** A step as a graph. */
export interface Trace {
  readonly graph: Graph;
  readonly inputs: readonly Value[];
  readonly captures: readonly Capture[];
  readonly state: readonly State[];
  readonly created: readonly NewVariable[];
  readonly outputs: readonly Value[];
  /** Puts tensors in the places of the step's outputs. */
  rebuild(tensors: readonly Tensor[]): Output;
  dispose(): void;
}

/** Type and shape of an input of a step; the type is TensorFlow's number. */
export interface InputSpec {
  readonly dtype: number;
  readonly shape: readonly number[];
}

interface Engine {
  readonly state: { readonly registeredVariables: Record<string, Variable> };
  makeVariable(initial: Tensor, ...rest: unknown[]): Variable;
}

/**
 * Traces a step: calls it once, with tensors that stand for its inputs and for the variables' values, and writes down
 * which ops it runs.  Nothing is computed and every variable keeps its value.
 *
 * @throws {TraceError} naming the op, where the step cannot become a graph
 */
export function trace(step: (...inputs: Tensor[]) => Output, specs: readonly InputSpec[]): Trace {
  const recorder = new Recorder();
  const engine = tf.engine() as unknown as Engine;
  const variables = Object.values(engine.state.registeredVariables);
  // Holds the variables' data while they stand for something else.
  const held = variables.map((variable) => tf.keep(variable.clone()));
  const made: { variable: Variable; initial: Value }[] = [];
  const makeVariable = engine.makeVariable.bind(engine);
  const before = new Map<Variable, { dataId: object; value: Value }>();
  let result: Trace | null = null;
  try {
    tf.tidy(() => {
      const inputs = specs.map(({ dtype, shape }) => recorder.argument(dtype, shape));
      for (const variable of variables) {
        const { tensor, value } = recorder.argument(recorder.typeOf(variable), variable.shape);
        before.set(variable, { dataId: tensor.dataId, value });
        variable.assign(tensor as never);
      }
      const output = recorder.record(() => {
        engine.makeVariable = (initial, ...rest) => {
          const variable = makeVariable(initial, ...rest);
          made.push({ variable, initial: recorder.valueOf(variable) });
          return variable;
        };
        const output = flatten(step(...inputs.map(({ tensor }) => tensor)));
        const gone = variables.find((variable) => variable.isDisposed);
        if (gone)
          throw new TraceError(`Expected a traced step to leave variables alone but it disposes of ${gone.name}`);
        return { ...output, values: output.tensors.map((tensor) => recorder.valueOf(tensor)) };
      });
      const used = new Set(recorder.graph.nodes.flatMap((node) => node.inputs).concat(output.values));
      const state = variables.map((variable): State => {
        const { dataId, value } = before.get(variable)!;
        return { variable, before: value, after: variable.dataId === dataId ? null : recorder.valueOf(variable) };
      });
      result = {
        graph: recorder.graph,
        inputs: inputs.map(({ value }) => value),
        captures: recorder.captures,
        state: state.filter((entry) => entry.after !== null || used.has(entry.before)),
        created: made,
        outputs: output.values,
        rebuild: output.rebuild,
        dispose: () => recorder.dispose(),
      };
    });
    return result!;
  } catch (error) {
    for (const { variable } of made) variable.dispose();
    recorder.dispose();
    throw error;
  } finally {
    Reflect.deleteProperty(engine, "makeVariable");
    variables.forEach((variable, at) => {
      if (!variable.isDisposed) variable.assign(held[at] as never);
    });
    tf.dispose(held);
  }
}
