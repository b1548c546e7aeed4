import { runsOnGpu } from "../../tensorflow";
import { DataType } from "../data-type";
import { type GpuKernel, gpuKernelOf, kernelTable, travelsOnHost } from "../gpu-plan/kernel-table";
import type { Graph, Node, Value } from "../graph";
import { HOST } from "../host";
import type { Pass } from "../inline";
import { travelType } from "../loops/travelling";
import { op } from "../op-attributes";
import type { LiveStep } from "./live-step";

/** How a node is put into the graph. */
interface Placing {
  /** Inputs that its kernel wants in the host's memory and that are made of constants: these are made there. */
  readonly constants: ReadonlySet<number>;
  /** The type attributes that become int64; none for a node that stays as it is. */
  readonly widened: readonly string[];
}

/**
 * Keeps a step from going back and forth between a card and the host.
 *
 * TensorFlow computes with int32 on the host, since such numbers are shapes and indices mostly, and many kernels take
 * single numbers (a value to pad with) from the host's memory. Where the int32 is data, and where the single number was
 * a constant on the card, a step would stop until the card has caught up and has sent it. So int32 that comes from the
 * card is computed with as int64 there, and what is a constant is made on the side where it is wanted.
 *
 * Null where nothing runs on a card.
 */
export function placeForCardPass(step: LiveStep): Pass | null {
  if (!runsOnGpu()) return null;
  const placings = findPlacings(step.nodes);
  if (placings.size === 0) return null;
  const twins = new Map<Value, Value>();
  return {
    rewrite(node, inputs, target) {
      const placing = placings.get(node);
      if (!placing) return null;
      const placed = inputs.map((input, at) =>
        placing.constants.has(at) ? onHost(node.inputs[at]!, target, twins) : input,
      );
      return placing.widened.length > 0
        ? widen(node, placed, placing.widened, target)
        : target.add(node.op, node.attributes, placed, node).outputs;
    },
  };
}

function findPlacings(nodes: readonly Node[]): Map<Node, Placing> {
  const placings = new Map<Node, Placing>();
  /** Values that are made in the host's memory. */
  const host = new Set<Value>();
  const isHost = (value: Value) =>
    host.has(value) || (value.node.op === "Placeholder" && travelsOnHost(travelType(value)));
  for (const node of nodes) {
    const isPinned = node.device?.includes("CPU") ?? false;
    let kernel = isPinned ? null : gpuKernelOf(node);
    const fromCard = node.inputs.map((value) => !isHost(value));
    let widened: string[] = [];
    if (!isPinned && node.inputs.some(({ dtype }, at) => fromCard[at] && dtype === DataType.int32)) {
      const isWanted = kernel?.hostInputs.some((wanted, at) => wanted && fromCard[at] && isData(node, at)) ?? true;
      const wide = isWanted ? asInt64(node, fromCard) : null;
      if (wide) ({ kernel, widened } = wide);
    }
    const constants = new Set(
      [...(kernel?.hostInputs ?? node.inputs.map(() => true)).keys()].filter(
        (at) => (kernel ? kernel.hostInputs[at]! : true) && fromCard[at] && isOfConstants(node.inputs[at]!),
      ),
    );
    if (constants.size > 0 || widened.length > 0) placings.set(node, { constants, widened });
    node.outputs.forEach((value, at) => {
      // The cast back from int64 is the card's.
      if (widened.length === 0 && (kernel ? kernel.hostOutputs[at]! : true)) host.add(value);
    });
  }
  return placings;
}

/** Whether an input is no constant, which is better made on the host. */
const isData = ({ inputs }: Node, at: number): boolean => !isOfConstants(inputs[at]!);

/** Constants, and what is computed of nothing but a constant. */
function isOfConstants({ node }: Value): boolean {
  if (node.op === "Const") return true;
  return ["Cast", "Identity", "Neg", "Fill", "Reshape"].includes(node.op) && node.inputs.every(isOfConstants);
}

/** The same value, made in the host's memory. */
function onHost(value: Value, target: Graph, twins: Map<Value, Value>): Value {
  const known = twins.get(value);
  if (known) return known;
  const { node } = value;
  const inputs = node.inputs.map((input) => onHost(input, target, twins));
  const twin = target.add(node.op, node.attributes, inputs, { device: HOST }).outputs[value.output]!;
  twins.set(value, twin);
  return twin;
}

/** The attribute that names the type of each input or output; null for fixed types and lists of several. */
function typeAttributes(described: readonly string[], count: number): (string | null)[] | null {
  const names = described.map((text) => /^[^:*]+(?::([^*[]+))?/.exec(text)![1] ?? null);
  const list = described.findIndex((text) => text.includes("*"));
  if (list < 0) return names.length === count ? names : null;
  if (described.filter((text) => /[*[]/.test(text)).length > 1) return null;
  const length = count - (described.length - 1);
  return [...names.slice(0, list), ...Array<string | null>(length).fill(names[list]!), ...names.slice(list + 1)];
}

/** The kernel for int64 in the place of int32 that comes from the card; null where there is none either. */
function asInt64(node: Node, fromCard: readonly boolean[]): { kernel: GpuKernel; widened: string[] } | null {
  const entry = kernelTable().ops[node.op];
  const ins = entry && typeAttributes(entry.inputs, node.inputs.length);
  if (!ins) return null;
  const isFromCard = (at: number) => node.inputs[at]!.dtype === DataType.int32 && fromCard[at]!;
  const widened = [...new Set(ins.filter((name, at) => name !== null && isFromCard(at)))] as string[];
  if (widened.length === 0) return null;
  const outs = typeAttributes(entry.outputs, node.outputs.length);
  if (!outs) return null;
  const wide = (value: Value, name: string | null) =>
    name !== null && widened.includes(name) ? { ...value, dtype: DataType.int64 } : value;
  const kernel = gpuKernelOf({
    ...node,
    attributes: wideAttributes(node, widened),
    inputs: node.inputs.map((value, at) => wide(value, ins[at]!)),
    outputs: node.outputs.map((value, at) => wide(value, outs[at]!)),
  });
  const helps = kernel?.hostInputs.every((wanted, at) => !wanted || !isFromCard(at) || !widened.includes(ins[at]!));
  return kernel && helps ? { kernel, widened } : null;
}

function wideAttributes(node: Node, widened: readonly string[]): Node["attributes"] {
  const kept = node.attributes.filter(({ name }) => !widened.includes(name));
  return [...kept, ...widened.map((name) => op.type(name, DataType.int64))];
}

function widen(node: Node, inputs: readonly Value[], widened: readonly string[], target: Graph): Value[] {
  const entry = kernelTable().ops[node.op]!;
  const ins = typeAttributes(entry.inputs, inputs.length)!;
  const outs = typeAttributes(entry.outputs, node.outputs.length)!;
  const isWide = (name: string | null) => name !== null && widened.includes(name);
  const cast = (value: Value, from: number, to: number) =>
    target.add("Cast", [op.type("SrcT", from), op.type("DstT", to)], [value]).outputs[0]!;
  const wide = inputs.map((value, at) => (isWide(ins[at]!) ? cast(value, DataType.int32, DataType.int64) : value));
  const { outputs } = target.add(node.op, wideAttributes(node, widened), wide, node);
  return outputs.map((value, at) => (isWide(outs[at]!) ? cast(value, DataType.int64, DataType.int32) : value));
}
