import assert from "node:assert/strict";
import { TENSORFLOW_VERSION } from "../../../src/tensorflow/setup/release";
import { addConstant } from "../../../src/graph/constant";
import { DataType } from "../../../src/graph/data-type";
import { Graph } from "../../../src/graph/graph";
import { bytesOf, gpuKernelOf, kernelTable, travelsOnHost } from "../../../src/graph/gpu-plan/kernel-table";
import { planFunction } from "../../../src/graph/gpu-plan/plan-function";
import { op, placeholder } from "../../../src/graph/op-attributes";
import { graphTest } from "../../support/graph-test";

const { float32, int32, uint8, bool } = DataType;

/** A graph that goes away after a test. */
function withGraph(body: (graph: Graph) => void): void {
  const graph = new Graph();
  try {
    body(graph);
  } finally {
    graph.dispose();
  }
}

graphTest("the registry was read from the TensorFlow that `gradamp setup` fetches", () => {
  assert.equal(kernelTable().tensorflow, TENSORFLOW_VERSION);
  assert.ok(Object.keys(kernelTable().ops).length > 700);
});

graphTest("a kernel is found by the types of inputs, outputs and attributes, lists spread out", () => {
  withGraph((graph) => {
    const [words, bytes, rows] = [placeholder(graph, float32, [8, 4]), placeholder(graph, uint8, [8, 4]), placeholder(graph, int32, [3])]; // prettier-ignore
    const axis = placeholder(graph, int32, []);
    const gather = (values: typeof words) => graph.add("GatherV2", [], [values, rows, axis]);
    assert.equal(gpuKernelOf(gather(bytes)), null);
    assert.deepEqual(gpuKernelOf(gather(words)), { hostInputs: [false, false, true], hostOutputs: [false] });
    const concat = graph.add("ConcatV2", [op.int("N", 3)], [words, words, words, axis]);
    assert.deepEqual(gpuKernelOf(concat)!.hostInputs, [false, false, false, true]);
    const identities = graph.add("IdentityN", [op.type("T", [float32, uint8])], [words, bytes]);
    assert.equal(gpuKernelOf(identities)!.hostInputs.length, 2);
    assert.deepEqual(gpuKernelOf(graph.add("AddV2", [], [axis, axis])), { hostInputs: [true, true], hostOutputs: [true] }); // prettier-ignore
    const cast = (to: number) => graph.add("Cast", [op.type("SrcT", uint8), op.type("DstT", to)], [bytes]);
    assert.deepEqual(gpuKernelOf(cast(float32))!.hostInputs, [false]);
    assert.equal(gpuKernelOf(graph.add("DecodeRaw", [op.type("out_type", float32)], [placeholder(graph, DataType.string, [])])), null); // prettier-ignore
  });
});

graphTest("what goes into functions on the host is what TensorFlow keeps there: int32, and not bytes", () => {
  assert.deepEqual([int32, uint8, float32, bool].map(travelsOnHost), [true, false, false, false]);
});

graphTest("sizes are in bytes, and unknown where a shape is", () => {
  withGraph((graph) => {
    assert.equal(bytesOf(placeholder(graph, int32, [3, 5])), 60);
    assert.equal(bytesOf(placeholder(graph, DataType.bfloat16, [3])), 6);
    assert.equal(bytesOf(placeholder(graph, float32, [-1, 5])), null);
    assert.equal(bytesOf(placeholder(graph, DataType.string, [2])), null);
  });
});

graphTest("a function's plan names what falls back, and each tensor that goes to and fro once", () => {
  withGraph((graph) => {
    const images = placeholder(graph, uint8, [50, 4]);
    const rows = placeholder(graph, int32, [3]);
    const axis = addConstant(graph, int32, [], Int32Array.of(0));
    const chosen = graph.add("GatherV2", [], [images, rows, axis]).outputs[0]!;
    const cast = () => graph.add("Cast", [op.type("SrcT", uint8), op.type("DstT", float32)], [chosen]).outputs[0]!;
    const sum = graph.add("AddV2", [], [cast(), cast()]).outputs[0]!;
    const pinned = graph.add("Neg", [], [sum], { device: "/device:CPU:0" }).outputs[0]!;
    const inputs = [images, rows];
    const plan = planFunction({ name: "step", nodes: graph.nodes, inputs, outputs: [sum, pinned] });
    assert.deepEqual([plan.nodes, plan.onCard, plan.pinned, plan.hostKernels], [6, 3, 1, 1]);
    assert.deepEqual(plan.fallbacks, [{ op: "GatherV2", types: "uint8, int32, int32 → uint8", nodes: 1 }]);
    assert.deepEqual(
      plan.crossings.map(({ from, to, direction, bytes }) => [from, to, direction, bytes]),
      [
        ["_Arg", "GatherV2", "to host", 200],
        ["GatherV2", "Cast", "to card", 12],
        ["AddV2", "Neg", "to host", 48],
        ["Neg", "_Retval", "to card", 48],
      ],
    );
  });
});
