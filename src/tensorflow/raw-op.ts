import type { DataType, Tensor } from "@tensorflow/tfjs";
import { tf } from "./loaded-tf";

/** The part of tfjs-node's addon that gradamp calls: enum values of TensorFlow's C API. */
interface Binding {
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_INT32: number;
  readonly TF_Version: string;
}

interface NativeBackend {
  readonly binding: Binding;
  readonly isUsingGpuDevice: boolean;
  executeMultipleOutputs(name: string, attributes: OpAttribute[], inputs: Tensor[], outputs: number): Tensor[];
}

/** An op attribute as tfjs-node's addon takes it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** TensorFlow's native backend, or null where tfjs runs in plain JavaScript. */
export function nativeBackend(): NativeBackend | null {
  // After a reset of the engine none is in use until something needs it.
  if (!tf.getBackend()) tf.backend();
  return tf.getBackend() === "tensorflow" ? (tf.backend() as unknown as NativeBackend) : null;
}

/** Numbers of TF_DataType. */
const TYPES = { float32: 1, int32: 3, uint8: 4, bool: 10 } as const;
export type OpType = keyof typeof TYPES;

/** Values of an op's attributes by name; the kind of each is said by the helper that made it. */
export type OpAttributes = Record<
  string,
  { kind: "type" | "float" | "int" | "bool" | "string" | "shape"; value: unknown }
>;

/** Attribute helpers: `attribute.type("float32")`, `attribute.float(1e-5)`, … */
export const attribute = {
  type: (value: OpType) => ({ kind: "type", value }) as const,
  float: (value: number) => ({ kind: "float", value }) as const,
  int: (value: number | readonly number[]) => ({ kind: "int", value }) as const,
  bool: (value: boolean) => ({ kind: "bool", value }) as const,
  string: (value: string) => ({ kind: "string", value }) as const,
  shape: (value: readonly number[]) => ({ kind: "shape", value }) as const,
};

/**
 * Runs one TensorFlow op that tfjs does not expose, on the native backend.
 *
 * The result is a plain tensor; gradients are not recorded, so wrap the call in `tf.customGrad` where one is needed.
 * uint8 tensors are labelled int32 by tfjs and may only be handed to other raw ops.
 *
 * @throws {Error} if the backend is not TensorFlow's
 */
export function rawOp(name: string, attributes: OpAttributes, inputs: readonly Tensor[], outputs = 1): Tensor[] {
  const backend = nativeBackend();
  if (!backend)
    throw new Error(
      `TensorFlow's op ${name} needs the native backend but tfjs runs on "${tf.getBackend()}": run \`gradamp setup\``,
    );
  const { binding } = backend;
  const kinds = {
    type: binding.TF_ATTR_TYPE,
    float: binding.TF_ATTR_FLOAT,
    int: binding.TF_ATTR_INT,
    bool: binding.TF_ATTR_BOOL,
    string: binding.TF_ATTR_STRING,
    shape: binding.TF_ATTR_SHAPE,
  };
  const encoded = Object.entries(attributes).map(([key, { kind, value }]) => ({
    name: key,
    type: kinds[kind],
    value: kind === "type" ? TYPES[value as OpType] : value,
  }));
  return backend.executeMultipleOutputs(name, encoded, [...inputs], outputs);
}

/** The op type of a tensor that tfjs made. */
export function opType(dtype: DataType): OpType {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw new TypeError(`Expected a float32, int32 or bool tensor but found ${dtype}`);
}
