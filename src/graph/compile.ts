import { integer, oneOf, text, type KindsOf, whole } from "../options";
import { checkOptions } from "../spec";
import { graphBinding, isRecordingGradients, isTracing, type Tensor, withStockOps } from "../tensorflow";
import { backendInternals, type OutputMetadata } from "./backend-internals";
import { Calls } from "./call-queue";
import { checkEngine } from "./check-engine";
import type { Compiler } from "./compiler";
import { checkInputs } from "./check-inputs";
import { defaultEngine } from "./loops/create-loop";
import { defineStep, written } from "./loops/define-step";
import { DeviceDraws } from "./device-draws";
import { optimise } from "./passes/optimise";
import { type Precision, switchPrecision } from "./precision";
import { refuseInsideStep } from "./recorder";
import { flatten, type Output } from "./structure";
import { TraceCache, type TracedFunction } from "./trace-cache";

/** How a step is compiled. */
export interface CompileOptions {
  /** What convolutions and matrix products compute in. Default: `"float32"`. */
  readonly precision?: Precision;
  /**
   * `"xla"` has XLA make one program of the step, which takes seconds, once for each combination of shapes. Default: `"none"`,
   * each op by its kernel.
   */
  readonly compiler?: Compiler;
  /** Of the random numbers that the step draws. Default: 0. */
  readonly seed?: number;
  /** How many traces are kept, one for each combination of input types and shapes. Default: 8. */
  readonly cacheSize?: number;
  /** For profiles and messages of TensorFlow's. Default: "step". */
  readonly name?: string;
}

/** What each of these may be. */
export const COMPILE_KINDS: KindsOf<CompileOptions> = {
  precision: oneOf("float32", "tf32", "bfloat16"),
  compiler: oneOf("none", "xla"),
  seed: integer,
  cacheSize: whole(1),
  name: text,
};

/** A step as one TensorFlow function. */
export interface CompiledStep<Inputs extends Tensor[], Result extends Output> {
  /** Runs the step and returns when it is done, as if it were called op by op. */
  (...inputs: Inputs): Result;
  /**
   * Runs the step off the event loop; calls wait for each other. Nobody may assign the variables that it writes until
   * it is done, or it rejects and leaves them as they are then.
   */
  async(...inputs: Inputs): Promise<Result>;
  /**
   * How often the step has been made ready: once for each combination of input types and shapes, and again where a
   * tensor that it took from outside was disposed of, or a `tf.train` optimizer got another rate.
   */
  readonly traces: number;
  /** Takes the functions out of TensorFlow, once the calls that run have ended. */
  dispose(): void;
}

/**
 * Compiles a step over `tf.Variable`s into one TensorFlow function.
 *
 * The step is called once, with tensors that have a type and a shape but no values, and the ops that it runs are
 * written down: forward pass, gradients, optimizer and all. Variables that it reads or writes are found by themselves.
 * Everything else that JavaScript does in the step happens only then: branches, loops and numbers are frozen as they
 * were, so what changes from call to call must come in as a tensor or live in a variable. Where TensorFlow's graphs is
 * not available, the step runs op by op.
 *
 * @param step tensor operations only; returns nothing, a tensor, or lists and plain objects of tensors
 * Inside another compiled step, and inside a function whose gradient is taken, it is a plain function again.
 *
 * @param options Any of `CompileOptions`; none is needed.
 * @throws {RangeError} if the precision or a size makes no sense
 * @throws {TraceError} if the step reads a tensor's values or makes shapes of them; thrown at the first call, naming
 *   the op
 *
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const w = tf.variable(tf.scalar(0));
 * const optimizer = tf.train.adam(0.1);
 * const step = ga.graph.compile((x: ga.Tensor, y: ga.Tensor) => optimizer.minimize(() => x.mul(w).sub(y).square().mean(), true)!);
 * const x = tf.tensor1d([1, 2, 3]);
 * for (let i = 0; i < 100; i++) step(x, x.mul(2)).dispose();
 * w.print(); // 2, nearly
 * step.dispose();
 */
export function compile<Inputs extends Tensor[], Result extends Output>(
  step: (...inputs: Inputs) => Result,
  options: CompileOptions = {},
): CompiledStep<Inputs, Result> {
  checkOptions("graph.compile", options, COMPILE_KINDS);
  const { precision = "float32", compiler = "none", seed = 0, cacheSize = 8, name = "step" } = options;
  if (typeof step !== "function") throw new TypeError(`Expected a step to be a function but found ${typeof step}`);
  checkEngine(defaultEngine(), precision, compiler);
  const body = (...inputs: Tensor[]): Result => draws.during(() => step(...(inputs as Inputs)));
  const traced = compiler === "xla" ? (...inputs: Tensor[]) => withStockOps(() => body(...inputs)) : body;
  const cache = new TraceCache(
    traced,
    (trace) => optimise(trace, precision, compiler, name),
    (trace) => defineStep(trace, [...trace.outputs, ...written(trace).map(({ after }) => after)], name),
    cacheSize,
  );
  const draws = new DeviceDraws(seed);
  const calls = new Calls(name, () => {
    cache.dispose();
    draws.dispose();
  });
  const check = (inputs: readonly unknown[]) => {
    if (calls.isClosed || draws.isDisposed) {
      throw new Error(
        `Expected a compiled step that is in use but ${name} has been disposed of, by its dispose() or ` +
          `tf.disposeVariables(): compile it anew`,
      );
    }
    checkInputs(inputs, name);
  };
  const plainly = (inputs: Inputs): Result => {
    const result = body(...inputs);
    flatten(result);
    return result;
  };
  const count = ({ bound }: TracedFunction) => bound.trace.outputs.length + bound.writtenCount;
  const finish = ({ bound }: TracedFunction, results: readonly OutputMetadata[]): Result => {
    const outputs = bound.trace.outputs.length;
    bound.store(results.slice(outputs), 1);
    return bound.trace.rebuild(bound.outputs(results.slice(0, outputs))) as Result;
  };
  const run = (...inputs: Inputs): Result => {
    check(inputs);
    // Inside another step's trace or a gradient it is a plain function, whose ops are seen there one by one.
    if (isTracing() || isRecordingGradients() || !graphBinding()) return plainly(inputs);
    const traced = cache.get(inputs);
    switchPrecision(precision);
    const { binding } = backendInternals();
    return traced.bound.call(inputs, (ids) =>
      finish(traced, binding.executeOp(traced.defined.name, [], ids, count(traced))),
    );
  };
  const runAsync = async (...inputs: Inputs): Promise<Result> => {
    check(inputs);
    refuseInsideStep("another step's async");
    const binding = graphBinding();
    if (!binding) return plainly(inputs);
    return calls.run(async () => {
      const traced = cache.get(inputs);
      const watched = traced.bound.watch();
      switchPrecision(precision);
      const results = await traced.bound.call(inputs, (ids) =>
        binding.executeAsync(traced.defined.name, ids, count(traced)),
      );
      watched.assertUnchanged(results);
      return finish(traced, results);
    });
  };
  return Object.defineProperty(
    Object.assign(run, {
      async: runAsync,
      dispose: () => calls.close(),
    }),
    "traces",
    { get: () => cache.traces },
  ) as CompiledStep<Inputs, Result>;
}
