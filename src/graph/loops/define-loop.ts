import { graphBinding, runsOnGpu } from "../../tensorflow";
import { addConstant } from "../constant";
import { DataType } from "../data-type";
import { type DefinedFunction, traceInputs } from "./define-step";
import type { DeviceCell } from "../device-cell";
import { functionName } from "../function-names";
import { noteFunction } from "../gpu-plan/noted-functions";
import { Graph, type Node, type Value } from "../graph";
import { HOST } from "../host";
import { inline } from "../inline";
import { op } from "../op-attributes";
import type { Trace } from "../trace";
import { enter, leave, reveal, travelType } from "./travelling";

/** Through which a running loop is followed and stopped. */
export interface LoopCells {
  /** Read before each step: anything but 0 ends the loop. */
  readonly stop: DeviceCell;
  /** Written after each step: the index of the next one. */
  readonly progress: DeviceCell;
  /** Written after each step with the value of an entry of the trace's state. */
  readonly readable: readonly { readonly state: number; readonly cell: DeviceCell }[];
}

const INT32 = op.type("T", DataType.int32);

/**
 * Defines `for (i = first; i < last && !stop; i++) step(i, …)` as one function.
 *
 * It takes first, last, and then the inputs of the trace but for the index; it returns the index reached and the
 * variables written. Variables are carried from step to step as plain tensors, so a call that fails leaves all of them
 * as they were.
 */
export function defineLoop(trace: Trace, cells: LoopCells, name: string): DefinedFunction {
  const [index, ...rest] = traceInputs(trace);
  // The index, the last one, and the word that the step before has been told of.
  const types = [index!, index!, index!, ...rest];
  const withGraph = (build: (graph: Graph) => void) => {
    const graph = new Graph();
    try {
      build(graph);
    } finally {
      graph.dispose();
    }
  };
  const body = functionName(`${name}_body`);
  const condition = functionName(`${name}_condition`);
  const loop = functionName(name);
  const addInputs = (graph: Graph) => types.map((value) => enter(graph, value));
  withGraph((graph) => {
    const inputs = addInputs(graph);
    const outputs = [addCondition(graph, inputs, cells)];
    noteFunction({ name: `${name}_condition`, nodes: graph.nodes, inputs, outputs, isCondition: true });
    graph.define(condition, inputs, outputs, []);
  });
  withGraph((graph) => {
    const inputs = addInputs(graph);
    const { outputs, effects } = addBody(graph, inputs, trace, cells);
    noteFunction({ name: `${name}_body`, nodes: graph.nodes, inputs, outputs });
    graph.define(body, inputs, outputs, effects);
  });
  withGraph((graph) => {
    const inputs = types.filter((_, at) => at !== 2).map((value) => enter(graph, value));
    const told = addConstant(graph, DataType.int32, [], Int32Array.of(0));
    const attributes = [
      op.type("T", types.map(travelType)),
      op.functionName("cond", condition),
      op.functionName("body", body),
      // Half the time of the loop that is not lowered, for real networks; only tiny ones lose by it.
      op.bool("_lower_using_switch_merge", true),
      // On a card the next step is begun while the host is told of this one, which takes until the card has done it.
      op.int("parallel_iterations", runsOnGpu() ? 2 : 1),
    ];
    const { outputs } = graph.add("While", attributes, [...inputs.slice(0, 2), told, ...inputs.slice(2)]);
    const state = outputs.slice(outputs.length - trace.state.length);
    graph.define(loop, inputs, [outputs[0]!, ...state.filter((_, at) => trace.state[at]!.after !== null)], []);
  });
  const names = [loop, body, condition];
  return { name: loop, remove: () => names.forEach((each) => graphBinding()!.removeFunction(each)) };
}

function addCondition(graph: Graph, [index, end]: readonly Value[], { stop }: LoopCells): Value {
  // On the host, all of it: that is where a loop's condition is looked at, and a card would be waited for.
  const device = HOST;
  const unfinished = graph.add("Less", [INT32], [index!, end!], { device });
  const zero = addConstant(graph, DataType.int32, [], Int32Array.of(0));
  // The control input makes it be read anew before each step.
  const unstopped = graph.add("Equal", [INT32], [stop.addRead(graph, [unfinished]), zero], { device });
  const both = [unfinished.outputs[0]!, unstopped.outputs[0]!];
  return graph.add("LogicalAnd", [], both, { device }).outputs[0]!;
}

/**
 * The step, and what tells the host of it.
 *
 * A loop's next step begins when every effect of the one before is done. The host is told by what is
 * carried from step to step instead, so that only the next telling waits, which keeps them in order.
 *
 * @returns what goes on to the next step, and the step's own effects
 */
function addBody(
  graph: Graph,
  inputs: readonly Value[],
  trace: Trace,
  cells: LoopCells,
): { outputs: Value[]; effects: Node[] } {
  const [index, end, told, ...own] = inputs as [Value, Value, Value, ...Value[]];
  const counterparts = [index, ...own];
  const replaced = new Map(traceInputs(trace).map((value, at) => [value, reveal(graph, counterparts[at]!, value)]));
  const after = trace.state.map((entry) => entry.after ?? entry.before);
  const next = after.map(inline(trace.graph, graph, replaced, after));
  const effects = graph.effects();
  const one = addConstant(graph, DataType.int32, [], Int32Array.of(1));
  const following = graph.add("AddV2", [INT32], [index, one]).outputs[0]!;
  const pass = (controls: readonly Node[]) => graph.add("Identity", [INT32], [told], { controls, device: HOST });
  const before = pass([]);
  const shown = cells.readable.map(({ state, cell }) => cell.addWrite(graph, next[state]!, [before]));
  // Progress counts whole steps.
  const ends = next.map(({ node }) => node).filter(({ op: kind }) => kind !== "Placeholder");
  const progress = cells.progress.addWrite(graph, following, [...new Set([...ends, ...shown, before])]);
  const unchanged = own.slice(0, own.length - next.length);
  const outputs = [following, end, pass([progress]).outputs[0]!, ...unchanged, ...next.map((value) => leave(graph, value))]; // prettier-ignore
  return { outputs, effects };
}
