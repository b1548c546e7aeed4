import type { Node, Value } from "../graph";
import { bytesOf, gpuKernelOf, travelsOnHost, typeName } from "./kernel-table";

/** A tensor that goes between the host's memory and the card's while a function runs. */
export interface Crossing {
  /** The op that makes it; `_Arg` for what the function gets. */
  readonly from: string;
  /** The op that wants it on the other side; `_Retval` for what the function gives. */
  readonly to: string;
  /** Whose memory it goes to. */
  readonly direction: "to card" | "to host";
  /** TensorFlow's name of its type. */
  readonly dtype: string;
  /** A dimension that is known only when it runs is −1; null where not even their number is known. */
  readonly shape: readonly number[] | null;
  /** Null where the size is known only when it runs. */
  readonly bytes: number | null;
}

/** Ops of a kind that TensorFlow would run on the processor, since it has no GPU kernel for their types. */
export interface Fallback {
  /** TensorFlow's name of it. */
  readonly op: string;
  /** Types of inputs and outputs, as "uint8, int32, int32 → uint8". */
  readonly types: string;
  /** How many there are. */
  readonly nodes: number;
}

/** Where the ops of a function would run on a machine with a card, and what would go to and fro. */
export interface FunctionPlan {
  /** What it is: "train_body" is a step of training, "train_condition" whether there is another. */
  readonly name: string;
  /** How many ops it has. */
  readonly nodes: number;
  /** Those that compute on the card. */
  readonly onCard: number;
  /** Those that gradamp puts on the host. */
  readonly pinned: number;
  /** Those whose GPU kernel takes and gives host memory alone: shapes, indices and other int32 arithmetic. */
  readonly hostKernels: number;
  /** Those that have no GPU kernel; none is what one hopes for. */
  readonly fallbacks: readonly Fallback[];
  /** What goes between host and card each time it runs. */
  readonly crossings: readonly Crossing[];
}

/** A function as TensorFlow gets it. */
export interface PlannedFunction {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Whether the host looks at what it gives, as at a loop's condition; by default that depends on the type. */
  readonly isCondition?: boolean;
}

/**
 * Finds where TensorFlow would run a function's ops on a machine with a card: by its rules of placement and its registry,
 * without running anything.
 */
export function planFunction(planned: PlannedFunction): FunctionPlan {
  const { name, nodes, inputs, outputs, isCondition = false } = planned;
  /** Whether a value is made in the host's memory. */
  const onHost = new Map<Value, boolean>(inputs.map((value) => [value, travelsOnHost(value.dtype)]));
  const given = new Set(inputs);
  const fallbacks = new Map<string, Fallback>();
  const crossings = new Map<string, Crossing>();
  const numbers = new Map<Value, number>();
  let [onCard, pinned, hostKernels, count] = [0, 0, 0, 0];

  function want(value: Value, host: boolean, to: string): void {
    if (onHost.get(value) === host) return;
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    const { dtype, shape } = value;
    const from = given.has(value) ? "_Arg" : value.node.op;
    // TensorFlow sends a tensor once, however many want it there.
    const key = `${numbers.get(value)} ${host}`;
    if (crossings.has(key)) return;
    const direction = host ? "to host" : "to card";
    crossings.set(key, { from, to, direction, dtype: typeName(dtype), shape, bytes: bytesOf(value) });
  }

  for (const node of nodes) {
    if (node.op === "Placeholder" && node.outputs.every((value) => given.has(value))) continue;
    count++;
    const isPinned = node.device?.includes("CPU") ?? false;
    const kernel = isPinned ? null : gpuKernelOf(node);
    node.inputs.forEach((value, at) => want(value, kernel ? kernel.hostInputs[at]! : true, node.op));
    node.outputs.forEach((value, at) => onHost.set(value, kernel ? kernel.hostOutputs[at]! : true));
    if (isPinned) pinned++;
    else if (!kernel) addFallback(fallbacks, node);
    else if ([...kernel.hostInputs, ...kernel.hostOutputs].every(Boolean)) hostKernels++;
    else onCard++;
  }
  for (const value of outputs) want(value, isCondition || travelsOnHost(value.dtype), "_Retval");
  return {
    ...{ name, nodes: count, onCard, pinned, hostKernels },
    fallbacks: [...fallbacks.values()],
    crossings: [...crossings.values()],
  };
}

function addFallback(fallbacks: Map<string, Fallback>, { op, inputs, outputs }: Node): void {
  const list = (values: readonly Value[]) => values.map(({ dtype }) => typeName(dtype)).join(", ");
  const types = `${list(inputs)} → ${list(outputs)}`;
  const key = `${op} ${types}`;
  fallbacks.set(key, { op, types, nodes: (fallbacks.get(key)?.nodes ?? 0) + 1 });
}
