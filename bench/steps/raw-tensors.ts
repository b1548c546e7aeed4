import { nativeBackend, type Tensor, tf } from "../../src/tensorflow";
import type { Precision } from "../measure/engines";

/** TensorFlow's number of a type, as its C API has it: tfjs knows nothing of bfloat16. */
const TYPES = { float32: 1, bfloat16: 14 } as const;

/** The part of the addon that runs ops on its own numbers of tensors. */
interface Addon {
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_STRING: number;
  executeOp(name: string, attributes: readonly object[], inputs: readonly number[], outputs: number): { id: number }[];
  deleteTensor(id: number): void;
}

type Attribute = boolean | string | readonly number[];

/**
 * Tensors by the addon's numbers, beneath tfjs, where they may be of type bfloat16: to time single ops.
 *
 * What it makes lives until {@link RawTensors.dispose}, except the results of `time`.
 */
export class RawTensors {
  readonly #addon: Addon;
  readonly #made: number[] = [];
  readonly #tensors: Tensor[] = [];

  constructor() {
    const backend = nativeBackend();
    if (!backend) throw new Error("Expected TensorFlow but tfjs runs in plain JavaScript: run `gradamp setup`");
    this.#addon = backend.binding as unknown as Addon;
  }

  /** Normal random numbers. */
  random(shape: readonly number[], precision: Precision): number {
    return this.of(tf.randomNormal([...shape], 0, 1, "float32", 1), precision);
  }

  /** What a tensor of tfjs holds, which is disposed of with this object. */
  of(tensor: Tensor, precision: Precision | null): number {
    this.#tensors.push(tensor);
    const backend = tf.backend() as unknown as { getInputTensorIds(tensors: Tensor[]): number[] };
    const id = backend.getInputTensorIds([tensor])[0]!;
    if (precision !== "bfloat16") return id;
    const cast = this.#execute("Cast", { SrcT: "float32", DstT: "bfloat16" }, { Truncate: false }, [id]);
    this.#made.push(cast);
    return cast;
  }

  /** Milliseconds of each of some runs of an op with one result, which is thrown away. */
  time(
    op: string,
    types: Readonly<Record<string, Precision>>,
    attributes: Readonly<Record<string, Attribute>>,
    inputs: readonly number[],
    runs: number,
  ): number[] {
    return Array.from({ length: runs }, () => {
      const began = performance.now();
      const result = this.#execute(op, types, attributes, inputs);
      const ms = performance.now() - began;
      this.#addon.deleteTensor(result);
      return ms;
    });
  }

  dispose(): void {
    for (const id of this.#made) this.#addon.deleteTensor(id);
    tf.dispose(this.#tensors);
  }

  #execute(
    op: string,
    types: Readonly<Record<string, Precision>>,
    attributes: Readonly<Record<string, Attribute>>,
    inputs: readonly number[],
  ): number {
    const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_ATTR_INT, TF_ATTR_STRING } = this.#addon;
    const encoded = [
      ...Object.entries(types).map(([name, type]) => ({
        name,
        type: TF_ATTR_TYPE,
        value: TYPES[type === "tf32" ? "float32" : type],
      })),
      ...Object.entries(attributes).map(([name, value]) => ({
        name,
        type: typeof value === "boolean" ? TF_ATTR_BOOL : typeof value === "string" ? TF_ATTR_STRING : TF_ATTR_INT,
        value,
      })),
    ];
    return this.#addon.executeOp(op, encoded, inputs, 1)[0]!.id;
  }
}
