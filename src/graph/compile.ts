import { graphBinding, type Tensor, type Tensor1D, tf, withDeviceRandom } from "../tensorflow";
import { backendInternals } from "./backend-internals";
import { enqueue } from "./call-queue";
import { defineStep, written } from "./define-step";
import { optimise } from "./passes/optimise";
import { checkPrecision, type Precision, switchPrecision } from "./precision";
import { isTracing } from "./recorder";
import type { Output } from "./structure";
import { TraceCache, type TracedFunction } from "./trace-cache";

/** How a step is compiled. */
export interface CompileOptions {
  /** What convolutions and matrix products compute in; `"float32"` by default. */
  readonly precision?: Precision;
  /** Of the random numbers that the step draws; 0 by default. */
  readonly seed?: number;
  /** How many traces are kept, one for each combination of input types and shapes; 8 by default. */
  readonly cacheSize?: number;
  /** For profiles and messages of TensorFlow's; "step" by default. */
  readonly name?: string;
}

/** A step as one TensorFlow function. */
export interface CompiledStep<Inputs extends Tensor[], Result extends Output> {
  /** Runs the step and returns when it is done, as if it were called op by op. */
  (...inputs: Inputs): Result;
  /** Runs the step off the event loop. Nobody may assign the variables that it writes until it is done. */
  async(...inputs: Inputs): Promise<Result>;
  /** How often the step has been traced: once for each combination of input types and shapes, if all is well. */
  readonly traces: number;
  /** Takes the functions out of TensorFlow. */
  dispose(): void;
}

/**
 * Compiles a step over `tf.Variable`s into one TensorFlow function.
 *
 * The step is called once, with tensors that have a type and a shape but no values, and the ops that it runs are written
 * down: forward pass, gradients, optimizer and all.  Variables that it reads or writes are found by themselves.
 * Everything else that JavaScript does in the step happens only then: branches, loops and numbers are frozen as they
 * were, so what changes from call to call must come in as a tensor or live in a variable.  Where TensorFlow's graphs
 * cannot be had, the step runs op by op.
 *
 * @param step tensor operations only; returns nothing, a tensor, or lists and plain objects of tensors
 * @throws {TraceError} at the first call, where the step reads a tensor's values or makes shapes of them; names the op
 *
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const w = tf.variable(tf.scalar(0));
 * const optimizer = tf.train.adam(0.1);
 * const step = ga.graph.compile((x: ga.tf.Tensor, y: ga.tf.Tensor) => optimizer.minimize(() => x.mul(w).sub(y).square().mean(), true)!);
 * const x = tf.tensor1d([1, 2, 3]);
 * for (let i = 0; i < 100; i++) step(x, x.mul(2)).dispose();
 * w.print(); // 2, nearly
 * step.dispose();
 */
export function compile<Inputs extends Tensor[], Result extends Output>(
  step: (...inputs: Inputs) => Result,
  options: CompileOptions = {},
): CompiledStep<Inputs, Result> {
  const { precision = "float32", seed = 0, cacheSize = 8, name = "step" } = options;
  if (typeof step !== "function") throw new TypeError(`Expected a step to be a function but found ${typeof step}`);
  checkPrecision(precision);
  // Draws so far: a variable, so that a traced step goes on where the last one ended.
  const draws = tf.tidy(() => tf.variable(tf.tensor1d([seed, 0], "int32"), false));
  const body = (...inputs: Tensor[]): Result =>
    tf.tidy(() => {
      const result = withDeviceRandom(draws as Tensor1D, () => step(...(inputs as Inputs)));
      draws.assign(tf.add(draws, tf.tensor1d([0, 1], "int32")));
      return result as never;
    });
  const cache = new TraceCache(
    body,
    (trace) => optimise(trace, precision),
    (trace) => defineStep(trace, [...trace.outputs, ...written(trace).map(({ after }) => after)], name),
    cacheSize,
  );
  const finish = ({ bound }: TracedFunction, results: Parameters<typeof bound.store>[0]): Result => {
    const outputs = bound.trace.outputs.length;
    bound.store(results.slice(outputs));
    return bound.trace.rebuild(bound.tensors(results.slice(0, outputs))) as Result;
  };
  const count = ({ bound }: TracedFunction) => bound.trace.outputs.length + bound.writtenCount;
  const check = (inputs: readonly unknown[]) => {
    const wrong = inputs.findIndex((input) => !(input instanceof tf.Tensor));
    if (wrong >= 0) {
      throw new TypeError(
        `Expected the inputs of a compiled step to be tensors but input ${wrong} is ${JSON.stringify(inputs[wrong])}: ` +
          `wrap it, as in tf.scalar(…), since a plain number would be frozen into the step`,
      );
    }
  };
  const run = (...inputs: Inputs): Result => {
    check(inputs);
    // Inside another step's trace, or without graphs, it is a plain function.
    if (isTracing() || !graphBinding()) return body(...inputs);
    const traced = cache.get(inputs);
    switchPrecision(precision);
    const ids = traced.bound.inputIds(inputs);
    return finish(traced, backendInternals().binding.executeOp(traced.defined.name, [], ids, count(traced)));
  };
  const runAsync = async (...inputs: Inputs): Promise<Result> => {
    check(inputs);
    const binding = graphBinding();
    if (!binding) return body(...inputs);
    return enqueue(async () => {
      const traced = cache.get(inputs);
      const watched = traced.bound.watch();
      switchPrecision(precision);
      const results = await binding.executeAsync(traced.defined.name, traced.bound.inputIds(inputs), count(traced));
      watched.assertUnchanged();
      return finish(traced, results);
    });
  };
  return Object.defineProperty(
    Object.assign(run, {
      async: runAsync,
      dispose: () => {
        cache.dispose();
        draws.dispose();
      },
    }),
    "traces",
    { get: () => cache.traces },
  ) as CompiledStep<Inputs, Result>;
}
