import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../files/package-root";
import type { Node, Value } from "../graph";
import { attributeOf } from "../op-attributes";

/** TensorFlow's names of its types by their number. */
const TYPES: Readonly<Record<number, string>> = {
  ...{ 1: "float32", 2: "float64", 3: "int32", 4: "uint8", 5: "int16", 6: "int8", 7: "string", 8: "complex64" },
  ...{ 9: "int64", 10: "bool", 11: "qint8", 12: "quint8", 13: "qint32", 14: "bfloat16", 15: "qint16", 16: "quint16" },
  ...{ 17: "uint16", 18: "complex128", 19: "float16", 20: "resource", 21: "variant", 22: "uint32", 23: "uint64" },
  ...{ 24: "float8_e5m2", 25: "float8_e4m3fn", 29: "int4", 30: "uint4" },
};

const SIZES: Readonly<Record<string, number>> = {
  ...{ bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, float16: 2, bfloat16: 2, int32: 4, uint32: 4, float32: 4 },
  ...{ int64: 8, uint64: 8, float64: 8, complex64: 8, complex128: 16 },
};

/** A type's name, as TensorFlow's own functions print it. */
export const typeName = (dtype: number): string => TYPES[dtype] ?? `type ${dtype}`;

/** Bytes of a tensor; null where its shape is not known, or its values have no fixed size. */
export function bytesOf({ dtype, shape }: Value): number | null {
  const size = SIZES[typeName(dtype)];
  if (size === undefined || shape === null || shape.includes(-1)) return null;
  return shape.reduce((product, each) => product * each, size);
}

interface KernelEntry {
  readonly types: Readonly<Record<string, readonly string[]>>;
  readonly host?: readonly string[];
}

interface OpEntry {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly defaults?: Readonly<Record<string, string>>;
  readonly kernels: readonly KernelEntry[];
}

/** What TensorFlow for CUDA can compute on a card, by its own registry: `data/tensorflow/gpu-kernels.json`. */
export interface KernelTable {
  /** The release that it was read from. */
  readonly tensorflow: string;
  readonly cuda: string;
  readonly cudnn: string;
  /** Ops that XLA compiles, for processors as for GPUs. */
  readonly xla: readonly string[];
  readonly ops: Readonly<Record<string, OpEntry>>;
}

/** Which of a node's inputs and outputs its kernel wants in the host's memory. */
export interface GpuKernel {
  readonly hostInputs: readonly boolean[];
  readonly hostOutputs: readonly boolean[];
}

let table: KernelTable | undefined;

/** The registry as it was written down. */
export function kernelTable(): KernelTable {
  const file = join(packageRoot(), "data", "tensorflow", "gpu-kernels.json");
  return (table ??= JSON.parse(readFileSync(file, "utf8")) as KernelTable);
}

/** The GPU kernel that TensorFlow would take for a node; null where it has none for its types. */
export function gpuKernelOf(node: Node): GpuKernel | null {
  const entry = kernelTable().ops[node.op];
  if (!entry) return null;
  const inputs = expand(entry.inputs, node.inputs, node);
  const outputs = expand(entry.outputs, node.outputs, node);
  const types = new Map<string, string[]>();
  for (const { attribute, value } of [...inputs, ...outputs]) {
    if (attribute === null) continue;
    types.set(attribute, [...(types.get(attribute) ?? []), typeName(value.dtype)]);
  }
  const typesOf = (attribute: string): readonly string[] => {
    const known = types.get(attribute);
    if (known) return known;
    const given = attributeOf(node, attribute);
    if (given !== undefined) return [given as number | number[]].flat().map(typeName);
    const byDefault = entry.defaults?.[attribute];
    return byDefault === undefined ? [] : [byDefault];
  };
  const kernel = entry.kernels.find((each) =>
    Object.entries(each.types).every(([attribute, allowed]) =>
      typesOf(attribute).every((type) => allowed.includes(type)),
    ),
  );
  if (!kernel) return null;
  const isHost = ({ name }: { name: string }) => kernel.host?.includes(name) ?? false;
  return { hostInputs: inputs.map(isHost), hostOutputs: outputs.map(isHost) };
}

/** Whether a tensor of a type that goes into a function, out of it, or around a loop lies in the host's memory there. */
export function travelsOnHost(dtype: number): boolean {
  const kernel = kernelTable().ops["_Arg"]!.kernels.find(({ types }) => types["T"]!.includes(typeName(dtype)));
  return kernel?.host !== undefined;
}

interface Argument {
  readonly name: string;
  /** The attribute that names its type; null for a fixed type. */
  readonly attribute: string | null;
  readonly value: Value;
}

/** The arguments that a node's inputs or outputs belong to, each list spread out. */
function expand(described: readonly string[], values: readonly Value[], node: Node): Argument[] {
  const lists = described.filter((text) => /[*[]/.test(text));
  const rest = values.length - (described.length - lists.length);
  const lengthOf = (text: string): number => {
    if (!lists.includes(text)) return 1;
    if (lists.length === 1) return rest;
    const given = attributeOf(node, /[*[](.*)$/.exec(text)![1]!);
    return Array.isArray(given) ? given.length : typeof given === "number" ? given : rest / lists.length;
  };
  let at = 0;
  return described.flatMap((text) => {
    const [, name, attribute] = /^([^:*]+)(?::\[?([^*]+))?/.exec(text)!;
    const own = values.slice(at, (at += lengthOf(text)));
    return own.map((value): Argument => ({ name: name!, attribute: attribute ?? null, value }));
  });
}
