import { isTracing, setTraceRefusal, type Tensor, tf, traceRefusal } from "../tensorflow";
import { backendInternals, type OutputMetadata, type TensorData } from "./backend-internals";
import { addConstant, isSmallConstant } from "./constant";
import { dataTypeName } from "./data-type";
import { Graph, type Value } from "./graph";
import { placeholder } from "./op-attributes";
import { TraceError } from "./trace-error";

/** A tensor from outside that a traced step uses; it becomes an input of the graph. */
export interface Capture {
  readonly value: Value;
  /** tfjs's name for the tensor's data. */
  readonly dataId: object;
  /** A tensor that only the trace holds, for constants too large to be written into a graph. */
  readonly owned: Tensor | null;
}

/** Outputs that ops keep for their own gradients: nobody looks at their shapes, which TensorFlow does not infer. */
const OPAQUE: Readonly<Record<string, number>> = { FusedBatchNormV3: 5 };

/**
 * Ids of tensors without values, each used once in the process so that one trace's tensors are strange to another; below
 * −1, which tfjs-node never hands to the addon.
 */
let nextId = -2;

/** Which function of tfjs is at work, by the scope that it opened; null where the step itself is. */
function runningOp(): string | null {
  const { activeScope } = (tf.engine() as unknown as { state: { activeScope: { name: string } | null | undefined } })
    .state;
  return /^(\w+)__op$/.exec(activeScope?.name ?? "")?.[1] ?? null;
}

/** @throws {TraceError} if a step that is being traced starts what goes on after it */
export function refuseInsideStep(what: string): void {
  const refuse = traceRefusal();
  if (!refuse) return;
  throw refuse(
    `Expected a traced step to be over when it returns but it calls ${what}: call the compiled step without async, or from ` +
      `outside`,
  );
}

/**
 * Stands in for TensorFlow while a step is traced: every op that tfjs would run becomes a node of a graph, and its results
 * are tensors that have a type and a shape but no values.
 *
 * Nothing is computed, so a step of a large network is traced in the time that tfjs's own bookkeeping takes.
 */
export class Recorder {
  readonly graph = new Graph();
  readonly captures: Capture[] = [];
  readonly #backend = backendInternals();
  /** Values by the ids that their tensors have. */
  readonly #values = new Map<number, Value>();
  readonly #ids = new Map<Value, number>();
  /** Tensors by tfjs's name for their data: constants that the step makes, and what it takes from outside. */
  readonly #known = new Map<object, Value>();
  readonly #madeInside = new WeakSet<object>();
  #latestOp: string | null = null;
  #refusal: TraceError | null = null;

  /** A tensor that stands for an input of the graph. */
  argument(dtype: number, shape: readonly number[]): { tensor: Tensor; value: Value } {
    const value = placeholder(this.graph, dtype, shape);
    return { tensor: this.#tensor(value), value };
  }

  /** TensorFlow's number for the type of a tensor. */
  typeOf(tensor: { readonly dataId: object }): number {
    return this.#backend.tensorMap.get(tensor.dataId).dtype;
  }

  /** The value that a tensor stands for, whatever its kind. */
  valueOf(tensor: { readonly dataId: object }): Value {
    const id = this.#id(tensor.dataId);
    return this.#values.get(id)!;
  }

  /** Whether a tensor is one of those without values. */
  owns(tensor: { readonly dataId: object }): boolean {
    const { tensorMap } = this.#backend;
    return tensorMap.has(tensor.dataId) && this.#values.has(tensorMap.get(tensor.dataId).id);
  }

  /**
   * Runs `step`, with every op recorded instead of executed.
   *
   * @throws {TraceError} if the step cannot be recorded, also if it caught the error or a promise swallowed it
   */
  record<Result>(step: () => Result): Result {
    if (isTracing()) throw new Error("Expected one trace at a time");
    const backend = this.#backend;
    const { binding } = backend;
    const executeOp: typeof binding.executeOp = (...call) => this.#executeOp(...call);
    // The addon's own properties are read-only, in heirs too.
    const stand = Object.create(binding, { executeOp: { value: executeOp } }) as typeof binding;
    const move = backend.move.bind(backend);
    const readSync = backend.readSync.bind(backend);
    const random = Math.random;
    Object.assign(backend, {
      binding: stand,
      getInputTensorIds: (tensors: readonly { dataId: object }[]) => tensors.map((tensor) => this.#idOf(tensor)),
      move: (...[dataId, ...rest]: Parameters<typeof move>) => {
        this.#madeInside.add(dataId);
        move(dataId, ...rest);
      },
      readSync: (dataId: object) => {
        const refusal = this.#refuseReading(dataId);
        if (refusal) throw refusal;
        return readSync(dataId);
      },
      // Never settles where it is refused: whoever waits for it is no longer of interest.
      read: (dataId: object) =>
        this.#refuseReading(dataId) ? new Promise(() => undefined) : Promise.resolve(readSync(dataId)),
    });
    Math.random = () => {
      throw this.refuse(
        `Expected a traced step to draw its random numbers on the device but Math.random is called ` +
          `${this.#whereabouts}: the same number would be used in every step; use tf.randomUniform and its like, or ` +
          `draw outside and hand the numbers in as a tensor`,
      );
    };
    setTraceRefusal((message) => this.refuse(message));
    try {
      const result = step();
      if (this.#refusal) throw this.#refusal as TraceError;
      return result;
    } finally {
      setTraceRefusal(null);
      Math.random = random;
      backend.binding = binding;
      for (const name of ["getInputTensorIds", "move", "readSync", "read"]) Reflect.deleteProperty(backend, name);
    }
  }

  dispose(): void {
    this.graph.dispose();
    tf.dispose(this.captures.flatMap(({ owned }) => owned ?? []));
  }

  #executeOp(
    op: string,
    attributes: Parameters<Graph["add"]>[1],
    inputs: readonly number[],
    outputs: number,
  ): OutputMetadata[] {
    const node = this.graph.add(
      op,
      attributes,
      inputs.map((id) => this.#values.get(id)!),
    );
    this.#latestOp = op;
    return node.outputs.slice(0, outputs).map((value) => {
      const { dtype, output } = value;
      const shape = OPAQUE[op] === output ? [0] : value.shape;
      if (shape === null || shape.includes(-1)) {
        throw this.refuse(
          `Expected the shapes of a traced step to follow from the shapes of its inputs but op ${op} gives ` +
            `${shape === null ? "an unknown shape" : `[${shape.map((size) => (size < 0 ? "?" : size)).join(", ")}]`}, which ` +
            `depends on values: keep such ops out of the step, use tf.where and masks of a fixed shape, or run op by op ` +
            `(engine: "eager")`,
        );
      }
      return { id: this.#register(value), dtype, shape };
    });
  }

  #idOf(tensor: { readonly dataId: object; readonly valueArray?: Int32Array }): number {
    // tfjs-node's own class for whole-number scalars of 64 bits, which are no tensors.
    if (tensor.valueArray) return this.#register(addConstant(this.graph, 9, [], tensor.valueArray));
    return this.#id(tensor.dataId);
  }

  #id(dataId: object): number {
    const data = this.#backend.tensorMap.get(dataId);
    if (data.id < -1) {
      if (this.#values.has(data.id)) return data.id;
      throw this.refuse(
        `Expected a traced step to keep what it needs in the next call in a tf.variable but after ` +
          `op ${this.#latestOp} it uses a tensor that it kept in an earlier one (tf.keep, or a recurrent layer with stateful: true)`,
      );
    }
    const known = this.#known.get(dataId);
    if (known) return this.#ids.get(known)!;
    const value = this.#madeInside.has(dataId) ? this.#constant(data) : this.#capture(dataId, data);
    this.#known.set(dataId, value);
    return this.#register(value);
  }

  /** A tensor that the step makes of numbers of its own. */
  #constant(data: TensorData): Value {
    if (!ArrayBuffer.isView(data.values)) {
      throw this.refuse(
        `Expected a traced step to make tensors of numbers but it makes one of strings ${this.#whereabouts}: make it ` +
          `outside of the step, or run op by op (engine: "eager")`,
      );
    }
    const values = data.values as Float32Array | Int32Array | Uint8Array;
    if (isSmallConstant(values)) return addConstant(this.graph, data.dtype, data.shape, values);
    const kind = dataTypeName(data.dtype);
    const owned = tf.keep(tf.tensor(values.slice(), data.shape, kind as "float32"));
    const value = placeholder(this.graph, data.dtype, data.shape);
    this.captures.push({ value, dataId: owned.dataId, owned });
    return value;
  }

  #capture(dataId: object, data: TensorData): Value {
    const value = placeholder(this.graph, data.dtype, data.shape);
    this.captures.push({ value, dataId, owned: null });
    return value;
  }

  #refuseReading(dataId: object): TraceError | null {
    const { id } = this.#backend.tensorMap.get(dataId);
    if (id >= -1) return null;
    const value = this.#values.get(id);
    const reader = runningOp();
    const from =
      !value || value.node.op === "Placeholder" ? "an input or a variable" : `the result of op ${value.node.op}`;
    return this.refuse(
      `Expected a traced step to leave its values on the device but ${from}, of shape [${(value?.shape ?? []).join(", ")}], is ` +
        `read (${reader === null ? "dataSync, data, array, print or an op that looks at values" : `by tf.${reader}`}): return the ` +
        `tensor from the step and read it outside, use tf.where instead of an if, or run op by op (engine: "eager")`,
    );
  }

  /** An error that says why the step cannot be traced; remembered in case that the step catches it. */
  refuse(message: string): TraceError {
    this.#refusal ??= new TraceError(message);
    return this.#refusal;
  }

  get #whereabouts(): string {
    const op = runningOp();
    const within = op === null ? "" : ` in tf.${op}`;
    return `${this.#latestOp === null ? "at the beginning of the step" : `after op ${this.#latestOp}`}${within}`;
  }

  #register(value: Value): number {
    const known = this.#ids.get(value);
    if (known !== undefined) return known;
    const id = nextId--;
    this.#values.set(id, value);
    this.#ids.set(value, id);
    return id;
  }

  #tensor(value: Value): Tensor {
    return this.#backend.createOutputTensor({ id: this.#register(value), dtype: value.dtype, shape: value.shape! });
  }
}
