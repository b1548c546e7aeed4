import { graphBinding } from "../../tensorflow";
import { addConstant } from "../constant";
import { DataType } from "../data-type";
import { type DefinedFunction, traceInputs } from "./define-step";
import type { DeviceCell } from "../device-cell";
import { functionName } from "../function-names";
import { noteFunction } from "../gpu-plan/noted-functions";
import { Graph, type Value } from "../graph";
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
  const types = [index!, index!, ...rest];
  const withInputs = (build: (graph: Graph, inputs: Value[]) => void) => {
    const graph = new Graph();
    try {
      build(
        graph,
        types.map((value) => enter(graph, value)),
      );
    } finally {
      graph.dispose();
    }
  };
  const body = functionName(`${name}_body`);
  const condition = functionName(`${name}_condition`);
  const loop = functionName(name);
  withInputs((graph, inputs) => {
    const outputs = [addCondition(graph, inputs, cells)];
    noteFunction({ name: `${name}_condition`, nodes: graph.nodes, inputs, outputs, isCondition: true });
    graph.define(condition, inputs, outputs, []);
  });
  withInputs((graph, inputs) => {
    const outputs = addBody(graph, inputs, trace, cells);
    noteFunction({ name: `${name}_body`, nodes: graph.nodes, inputs, outputs });
    graph.define(body, inputs, outputs, graph.effects());
  });
  withInputs((graph, inputs) => {
    const attributes = [
      op.type("T", types.map(travelType)),
      op.functionName("cond", condition),
      op.functionName("body", body),
      // Half the time of the loop that is not lowered, for real networks; only tiny ones lose by it.
      op.bool("_lower_using_switch_merge", true),
      op.int("parallel_iterations", 1),
    ];
    const { outputs } = graph.add("While", attributes, inputs);
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

function addBody(graph: Graph, inputs: readonly Value[], trace: Trace, cells: LoopCells): Value[] {
  const [index, end, ...own] = inputs as [Value, Value, ...Value[]];
  const counterparts = [index, ...own];
  const replaced = new Map(traceInputs(trace).map((value, at) => [value, reveal(graph, counterparts[at]!, value)]));
  const after = trace.state.map((entry) => entry.after ?? entry.before);
  const next = after.map(inline(trace.graph, graph, replaced, after));
  const one = addConstant(graph, DataType.int32, [], Int32Array.of(1));
  const following = graph.add("AddV2", [INT32], [index, one]).outputs[0]!;
  const shown = cells.readable.map(({ state, cell }) => cell.addWrite(graph, next[state]!));
  // Progress counts whole steps.
  const ends = next.map(({ node }) => node).filter(({ op: kind }) => kind !== "Placeholder");
  cells.progress.addWrite(graph, following, [...new Set([...ends, ...shown])]);
  const unchanged = own.slice(0, own.length - next.length);
  return [following, end, ...unchanged, ...next.map((value) => leave(graph, value))];
}
