import { compile, type Output, TraceError } from "../../src/graph";
import { type Tensor, tf, type Variable } from "../../src/tensorflow";
import { difference } from "./difference";
import { otherValues } from "./other-values";

/** What came of calling ops compiled beside the plain calls. */
export interface CompiledCounts {
  /** Calls that gave the same, with their own values and with others. */
  same: number;
  /** Of these, those whose numbers differ in the last digits, by op. */
  readonly rounded: Map<string, number>;
  /** Calls that failed as the plain ones did. */
  failed: number;
  /** Calls that cannot be compiled and say so, by op and message. */
  readonly refused: Map<string, string>;
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

interface Engine {
  isTapeOn(): boolean;
  readonly backendName: string;
  readonly state: { readonly profiling: boolean; readonly registeredVariables: Record<string, Variable> };
}

/** Ops whose numbers are drawn, in JavaScript by a plain call and on the device by a compiled one. */
const RANDOM = /^(rand|dropout|multinomial|truncatedNormal|stochastic)/i;
/** Functions that make a function of tensors, which is what is compiled. */
const MAKERS = ["grad", "grads", "valueAndGrad", "valueAndGrads", "customGrad"];
const SPACES = ["fused", "image", "linalg", "losses", "signal", "sparse", "spectral", "string"];

/**
 * tfjs-core, each of whose ops and gradients also runs through `compile` wherever it is called: with the same tensors, and
 * again with tensors of other values, against plain calls.
 *
 * @param report told of each difference
 */
export function compiledLibrary(
  core: Record<string, unknown>,
  counts: CompiledCounts,
  report: (difference: string) => void,
): Record<string, unknown> {
  const engine = tf.engine() as unknown as Engine;
  /** Whether an op is being looked at: what it calls is a part of it. */
  let busy = false;

  const watched = (name: string, call: AnyFunction, receiver: unknown, args: unknown[]): unknown => {
    const plain = (values: unknown[]) => call.apply(receiver, values);
    const idle = busy || engine.isTapeOn() || engine.state.profiling || engine.backendName !== "tensorflow";
    if (idle || tf.env().getBool("DEBUG")) return plain(args);
    busy = true;
    try {
      compare(name, plain, args);
      return plain(args);
    } finally {
      busy = false;
    }
  };

  /** The result of a call as values, or its error. */
  const outcome = (call: () => unknown): { result?: Value[] | null; error?: Error } => {
    let error: Error | undefined;
    let result: Value[] | null = null;
    tf.tidy(() => {
      try {
        result = valuesOf(call());
      } catch (thrown) {
        error = thrown as Error;
      }
    });
    return error ? { error } : { result };
  };

  const compare = (name: string, plain: (args: unknown[]) => unknown, args: unknown[]): void => {
    const tensors = [...new Set(tensorsIn(args))];
    if (tensors.some((tensor) => tensor.isDisposed)) return;
    const step = compile(
      (...stands: Tensor[]) =>
        plain(replaceTensors(args, new Map(tensors.map((tensor, at) => [tensor, stands[at]!])))) as Output,
      { name: `${name}_spec` },
    );
    try {
      const variables = Object.values(engine.state.registeredVariables);
      const before = variables.map((variable) => tf.keep(variable.clone()));
      try {
        if (
          !agree(
            name,
            "",
            () => plain(args),
            () => step(...tensors),
          )
        )
          return;
        const others = tensors.map((tensor) => tf.keep(otherValues(tensor)));
        for (const variable of variables) tf.tidy(() => variable.assign(otherValues(variable) as never));
        const map = new Map(tensors.map((tensor, at) => [tensor, others[at]!]));
        if (
          agree(
            name,
            " of other values",
            () => plain(replaceTensors(args, map)),
            () => step(...others),
          )
        )
          counts.same++;
        tf.dispose(others);
      } finally {
        variables.forEach((variable, at) => variable.assign(before[at] as never));
        tf.dispose(before);
      }
    } finally {
      step.dispose();
    }
  };

  /** Whether both calls gave the same tensors. */
  const agree = (name: string, which: string, plain: () => unknown, compiled: () => unknown): boolean => {
    const expected = outcome(plain);
    // What returns no tensors is none of compile's business.
    if (!expected.error && expected.result === null) return false;
    const found = outcome(compiled);
    if (found.error instanceof TraceError) {
      counts.refused.set(name, found.error.message);
      return false;
    }
    if (expected.error) {
      if (found.error) counts.failed++;
      else report(`compiled ${name}${which} did not fail: ${expected.error.message}`);
      return false;
    }
    if (found.error) {
      report(`compiled ${name}${which} failed: ${found.error.message}`);
      return false;
    }
    if (RANDOM.test(name)) return true;
    const differs = difference(found.result!, expected.result!);
    if (differs === null) return true;
    if (differs === "rounding") {
      counts.rounded.set(name, (counts.rounded.get(name) ?? 0) + 1);
      return true;
    }
    report(`compiled ${name}${which} differs: ${differs}`);
    return false;
  };

  const wrap = (name: string, call: AnyFunction): AnyFunction =>
    function (this: unknown, ...args) {
      return watched(name, call, this, args);
    };
  const isOp = (value: unknown): value is AnyFunction => typeof value === "function" && value.name.endsWith("__op");
  const wrapOps = (space: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(space).map(([name, value]) => [name, isOp(value) ? wrap(name, value) : value] as const),
    );

  const library: Record<string, unknown> = wrapOps(core);
  for (const name of SPACES) if (core[name]) library[name] = wrapOps(core[name] as Record<string, unknown>);
  for (const name of MAKERS) {
    const make = core[name] as (f: AnyFunction) => AnyFunction;
    library[name] = (f: AnyFunction) => wrap(name, make(f));
  }
  library["variableGrads"] = wrap("variableGrads", core["variableGrads"] as AnyFunction);
  const prototype = tf.Tensor.prototype as unknown as Record<string, unknown>;
  for (const name of Object.keys(prototype)) {
    if (isOp(core[name])) prototype[name] = wrap(name, prototype[name] as AnyFunction);
  }
  return library;
}

/** A tensor, copied to the host. */
export interface Value {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<unknown>;
}

/** What a result's tensors hold; null where it holds something else. */
function valuesOf(result: unknown): Value[] | null {
  if (result instanceof tf.Tensor) {
    return [{ shape: result.shape, dtype: result.dtype, values: (result.dataSync() as Float32Array).slice() }];
  }
  if (result === null || typeof result !== "object" || result instanceof Promise) return null;
  const parts = Object.values(result).map(valuesOf);
  return parts.some((part) => part === null) ? null : (parts as Value[][]).flat();
}

const isPlain = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);

function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  return isPlain(value) ? Object.values(value).flatMap(tensorsIn) : [];
}

function replaceTensors<Kind>(value: Kind, by: ReadonlyMap<unknown, Tensor>): Kind {
  if (by.has(value)) return by.get(value) as Kind;
  if (Array.isArray(value)) return value.map((each: unknown) => replaceTensors(each, by)) as Kind;
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, replaceTensors<unknown>(each, by)]),
  ) as Kind;
}
