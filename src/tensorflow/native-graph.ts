import type { OpAttribute } from "./raw-op";

/** What is known of a tensor. */
export interface TensorInfo {
  /** TensorFlow's TF_DataType: 1 float32, 3 int32, 4 uint8, 10 bool, 20 resource, … */
  readonly dtype: number;
  /** -1: unknown dimension; null: unknown rank. */
  readonly shape: readonly number[] | null;
}

/** Value of an attribute of kind TF_ATTR_TENSOR: values in row-major order, their bytes taken as they are. */
export interface TensorValue {
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Strings for TF_STRING, 0 and 1 in a Uint8Array for TF_BOOL, the raw bits in a Uint16Array for bfloat16. */
  readonly values: NodeJS.TypedArray | readonly string[];
}

/**
 * Values of TF_AttrType that tfjs does not name: a tensor (a {@link TensorValue}, or the id of a tensor of tfjs, whose
 * value is copied into the graph), and the name of a function.
 */
export const TF_ATTR_TENSOR = 6;
export const TF_ATTR_FUNC = 8;

/** Numbers of nodes, or node and output in turn: [node, output, node, output, …]. */
export type NodeNumbers = readonly number[] | Int32Array;

/** What the addon does for a graph; {@link NativeGraph} calls it. */
export interface GraphFunctions {
  createGraph(): unknown;
  addNode(
    graph: unknown,
    op: string,
    name: string,
    attributes: readonly OpAttribute[],
    inputs: NodeNumbers,
    controls: NodeNumbers,
    device: string | null,
  ): TensorInfo[];
  defineFunction(
    graph: unknown,
    name: string,
    inputs: NodeNumbers,
    outputs: NodeNumbers,
    controls: NodeNumbers,
    xla: boolean,
  ): void;
  disposeGraph(graph: unknown): void;
}

export interface FunctionOptions {
  /** Whether XLA compiles the function, which must then hold only ops that it knows; false. */
  readonly xla?: boolean;
}

/**
 * A TensorFlow graph under construction (TF_Graph). Its memory is TensorFlow's: dispose of it once its functions are
 * defined, which do not need it; else the garbage collector does, some time.
 */
export class NativeGraph {
  readonly #functions: GraphFunctions;
  readonly #graph: unknown;

  constructor(functions: GraphFunctions) {
    this.#functions = functions;
    this.#graph = functions.createGraph();
  }

  /**
   * Adds an op; nodes are numbered from 0 in the order of adding.
   *
   * Inputs are flat as executeOp takes them: which belong to a list (AddN, ConcatV2, IdentityN, While …) is told from the
   * op's definition, and, for an op with several lists, from its attributes. Attributes that the inputs settle (T, N …)
   * may be left out and are not looked at; those that the op does not have mean nothing, as in executeOp. Beyond
   * executeOp's kinds there are {@link TF_ATTR_TENSOR} and {@link TF_ATTR_FUNC}, lists of types and of strings, and for
   * shapes -1 and null where a dimension and a rank are unknown.
   *
   * Resource variables may be named inside a graph (VarHandleOp with the shared_name that they were made with), so they
   * need not come in as arguments.
   *
   * @param name unique in the graph
   * @param inputs node and output in turn
   * @param controls nodes that must have run before
   * @param device as "/device:CPU:0"; null leaves it to TensorFlow
   * @returns type and inferred shape of each output; constants take part in the inference
   * @throws {Error} if TensorFlow refuses it, with its message; the graph is then unchanged
   */
  addNode(
    op: string,
    name: string,
    attributes: readonly OpAttribute[],
    inputs: NodeNumbers,
    controls: NodeNumbers = [],
    device: string | null = null,
  ): TensorInfo[] {
    return this.#functions.addNode(this.#graph, op, name, attributes, inputs, controls, device);
  }

  /**
   * Turns the graph into a function of the eager context: an op of that name for executeOp and executeAsync, and a value
   * for attributes of other ops (While's cond and body, PartitionedCall's f), which look it up when they run.
   *
   * An output that is also an input is led through an Identity, since TensorFlow refuses it otherwise. The graph may be
   * added to afterwards and give further functions.
   *
   * @param inputs node and output in turn: these become the arguments (Placeholders, usually)
   * @param outputs node and output in turn
   * @param controls nodes that must run although no output depends on them
   * @throws {Error} if the name is taken, or with TensorFlow's message
   */
  defineFunction(
    name: string,
    inputs: NodeNumbers,
    outputs: NodeNumbers,
    controls: NodeNumbers = [],
    options: FunctionOptions = {},
  ): void {
    this.#functions.defineFunction(this.#graph, name, inputs, outputs, controls, options.xla ?? false);
  }

  /** Frees the graph; its functions stay. May be called twice. */
  dispose(): void {
    this.#functions.disposeGraph(this.#graph);
  }
}
