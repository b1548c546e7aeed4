import { hasOwnMaxPool, runsOnGpu } from "../../tensorflow";
import { addConstant } from "../constant";
import { DataType } from "../data-type";
import type { Graph, Node, Value } from "../graph";
import type { Pass } from "../inline";
import { attributeOf, op } from "../op-attributes";
import type { LiveStep } from "./live-step";

/**
 * Computes the gradient of max pooling whose windows overlap by an op of our own instead of oneDNN's.
 *
 * oneDNN's adds up a pixel's shares in an order that depends on which threads are free, so a training's weights were
 * others from run to run, deterministic ops or not. Ours gives the bits that TensorFlow's gives op by op. Where it is
 * not there, TensorFlow's is taken in the second version of the op, which takes windows and strides as inputs and for
 * which TensorFlow has no kernel of oneDNN's; it is some ten times slower.
 */
export function steadyPoolingPass(step: LiveStep): Pass | null {
  const isUnsteady = (node: Node) => node.op === "MaxPoolGrad" && overlaps(node) && !runsOnGpu();
  if (!step.nodes.some(isUnsteady)) return null;
  return {
    rewrite(node, inputs, target) {
      if (!isUnsteady(node)) return null;
      return own(node, inputs, target) ?? second(node, inputs, target);
    },
  };
}

const sizes = (node: Node, name: string) => attributeOf(node, name) as readonly number[];

function overlaps(pooling: Node): boolean {
  return sizes(pooling, "ksize").some((size, axis) => size > sizes(pooling, "strides")[axis]!);
}

function own(node: Node, [x, , dy]: readonly Value[], target: Graph): readonly Value[] | null {
  const format = attributeOf(node, "data_format") ?? "NHWC";
  const [window, strides] = [sizes(node, "ksize"), sizes(node, "strides")];
  const isOfImages = format === "NHWC" && [0, 3].every((axis) => window[axis] === 1 && strides[axis] === 1);
  const [images, outputs] = [node.inputs[0]!.shape, node.inputs[2]!.shape];
  const padding = attributeOf(node, "padding");
  if (!hasOwnMaxPool() || !isOfImages || !images || !outputs || (padding !== "SAME" && padding !== "VALID"))
    return null;
  const before = [1, 2].map((axis) => {
    const needed = (outputs[axis]! - 1) * strides[axis]! + window[axis]! - images[axis]!;
    return padding === "SAME" ? Math.floor(Math.max(0, needed) / 2) : 0;
  });
  const attributes = [
    op.type("T", node.outputs[0]!.dtype),
    op.ints("window", window.slice(1, 3)),
    op.ints("strides", strides.slice(1, 3)),
    op.ints("padding_before", before),
  ];
  return target.add("GradampMaxPoolGrad", attributes, [x!, dy!]).outputs;
}

function second(node: Node, inputs: readonly Value[], target: Graph): readonly Value[] {
  const more = ["ksize", "strides"].map((name) => {
    const values = Int32Array.from(sizes(node, name));
    return addConstant(target, DataType.int32, [values.length], values);
  });
  const kept = node.attributes.filter(({ name }) => ["T", "padding", "data_format"].includes(name));
  return target.add("MaxPoolGradV2", kept, [...inputs, ...more]).outputs;
}
