import { attribute, rawOp, type Tensor, tf } from "../tensorflow";
import { backendInternals } from "./backend-internals";
import { DataType } from "./data-type";
import type { Graph, Node, Value } from "./graph";
import { op } from "./op-attributes";

let made = 0;

/**
 * A variable of TensorFlow's own, which a running function writes while JavaScript reads it, or the other way round.
 *
 * What is assigned to it comes from ops, never straight from `tf.tensor`, whose memory is JavaScript's.
 */
export class DeviceCell {
  readonly #sharedName = `gradamp_cell_${made++}`;
  readonly #handle: Tensor;

  constructor(
    readonly dtype: "float32" | "int32",
    readonly shape: readonly number[],
  ) {
    const attributes = {
      dtype: attribute.type(dtype),
      shape: attribute.shape(shape),
      shared_name: attribute.string(this.#sharedName),
      container: attribute.string(""),
    };
    this.#handle = tf.keep(rawOp("VarHandleOp", attributes, [])[0]!);
  }

  /** Writes one number into all of the cell. */
  fill(value: number): void {
    tf.tidy(() => {
      const attributes = { T: attribute.type(this.dtype), index_type: attribute.type("int32") };
      const dims = tf.tensor1d([...this.shape], "int32");
      this.#assign(rawOp("Fill", attributes, [dims, tf.scalar(value, this.dtype)])[0]!);
    });
  }

  /** Takes over a tensor's values. */
  copyFrom(tensor: Tensor): void {
    tf.tidy(() => this.#assign(tf.add(tensor, tf.scalar(0, this.dtype))));
  }

  /** What the cell holds now; the caller disposes of it. */
  read(): Tensor {
    return rawOp("ReadVariableOp", { dtype: attribute.type(this.dtype) }, [this.#handle])[0]!;
  }

  /** Adds to a graph the reading of the cell, after some nodes. */
  addRead(graph: Graph, after: readonly Node[]): Value {
    return graph.add("ReadVariableOp", [this.#type], [this.#addHandle(graph)], after).outputs[0]!;
  }

  /** Adds to a graph the writing of the cell, after some nodes. */
  addWrite(graph: Graph, value: Value, after: readonly Node[] = []): Node {
    return graph.add("AssignVariableOp", [this.#type], [this.#addHandle(graph), value], after);
  }

  dispose(): void {
    const backend = backendInternals();
    const handle = backend.getInputTensorIds([this.#handle]);
    backend.binding.executeOp("DestroyResourceOp", [op.bool("ignore_lookup_error", true)], handle, 0);
    this.#handle.dispose();
  }

  get #type() {
    return op.type("dtype", DataType[this.dtype]);
  }

  #addHandle(graph: Graph): Value {
    const named = [op.string("shared_name", this.#sharedName), op.string("container", "")];
    return graph.add("VarHandleOp", [this.#type, op.shape("shape", this.shape), ...named], []).outputs[0]!;
  }

  #assign(value: Tensor): void {
    rawOp("AssignVariableOp", { dtype: attribute.type(this.dtype) }, [this.#handle, value], 0);
  }
}
