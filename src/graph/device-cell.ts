import { graphBinding, type Tensor, tf } from "../tensorflow";
import { backendInternals, type OutputMetadata } from "./backend-internals";
import { DataType } from "./data-type";
import { functionName } from "./function-names";
import { Graph, type Node, type Value } from "./graph";
import { HOST } from "./host";
import { op, placeholder } from "./op-attributes";

let made = 0;

/**
 * A variable of TensorFlow's own, which a running function writes while JavaScript reads it, or the other way round.
 */
export class DeviceCell {
  readonly #sharedName = `gradamp_cell_${made++}`;
  readonly #write: string;
  readonly #read: string;
  readonly #destroy: string;

  constructor(
    readonly dtype: "float32" | "int32",
    readonly shape: readonly number[],
  ) {
    // tfjs runs single ops on the GPU where there is one; functions keep their ops where they are told to be.
    this.#write = define("write_cell", (graph) => {
      const value = placeholder(graph, DataType[this.dtype], this.shape);
      // The tensor may lie in an array of the user's, who may write to it.
      const copy = graph.add("DeepCopy", [op.type("T", value.dtype)], [value], { device: HOST }).outputs[0]!;
      this.addWrite(graph, copy);
      return { inputs: [value], outputs: [] };
    });
    this.#read = define("read_cell", (graph) => ({ inputs: [], outputs: [this.addRead(graph)] }));
    this.#destroy = define("destroy_cell", (graph) => {
      const attributes = [op.bool("ignore_lookup_error", true)];
      graph.add("DestroyResourceOp", attributes, [this.#addHandle(graph)], { device: HOST });
      return { inputs: [], outputs: [] };
    });
  }

  /** Copies a tensor's values. */
  write(value: Tensor): void {
    execute(this.#write, [value], 0);
  }

  /** Writes one number into a cell of one number. */
  set(value: number): void {
    tf.tidy(() => this.write(tf.scalar(value, this.dtype)));
  }

  /** What the cell holds now. */
  read(): Float32Array {
    const tensor = backendInternals().createOutputTensor(execute(this.#read, [], 1)[0]!);
    try {
      return tensor.dataSync<"float32">();
    } finally {
      tensor.dispose();
    }
  }

  /** Adds to a graph the reading of the cell, after some nodes. */
  addRead(graph: Graph, controls: readonly Node[] = []): Value {
    const handle = this.#addHandle(graph);
    return graph.add("ReadVariableOp", [this.#type], [handle], { controls, device: HOST }).outputs[0]!;
  }

  /** Adds to a graph the writing of the cell, after some nodes. */
  addWrite(graph: Graph, value: Value, controls: readonly Node[] = []): Node {
    const handle = this.#addHandle(graph);
    return graph.add("AssignVariableOp", [this.#type], [handle, value], { controls, device: HOST });
  }

  dispose(): void {
    execute(this.#destroy, [], 0);
    for (const name of [this.#write, this.#read, this.#destroy]) graphBinding()!.removeFunction(name);
  }

  get #type() {
    return op.type("dtype", DataType[this.dtype]);
  }

  #addHandle(graph: Graph): Value {
    const attributes = [
      this.#type,
      op.shape("shape", this.shape),
      op.string("shared_name", this.#sharedName),
      op.string("container", ""),
    ];
    return graph.add("VarHandleOp", attributes, [], { device: HOST }).outputs[0]!;
  }
}

function define(name: string, build: (graph: Graph) => { inputs: Value[]; outputs: Value[] }): string {
  const graph = new Graph();
  try {
    const unique = functionName(name);
    const { inputs, outputs } = build(graph);
    graph.define(unique, inputs, outputs, graph.effects());
    return unique;
  } finally {
    graph.dispose();
  }
}

function execute(name: string, inputs: readonly Tensor[], outputs: number): OutputMetadata[] {
  const backend = backendInternals();
  return backend.binding.executeOp(name, [], backend.getInputTensorIds(inputs), outputs);
}
