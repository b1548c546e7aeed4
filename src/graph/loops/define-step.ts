import { graphBinding } from "../../tensorflow";
import { noteFunction } from "../gpu-plan/noted-functions";
import { functionName } from "../function-names";
import { Graph, type Value } from "../graph";
import { inline } from "../inline";
import type { Trace } from "../trace";
import { enter, leave, reveal } from "./travelling";

/** A function of TensorFlow's, and how to be rid of it. */
export interface DefinedFunction {
  readonly name: string;
  /** Takes the function out of TensorFlow. */
  remove(): void;
}

/** All inputs of a trace in the order in which functions take them: the step's own, captures, variables. */
export function traceInputs({ inputs, captures, state }: Trace): Value[] {
  return [...inputs, ...captures.map(({ value }) => value), ...state.map(({ before }) => before)];
}

/** The variables that a step writes, in the order in which functions return them. */
export function written(trace: Trace): { variable: Trace["state"][number]["variable"]; after: Value }[] {
  return trace.state.flatMap(({ variable, after }) => (after ? [{ variable, after }] : []));
}

/**
 * Defines one step as a function: takes {@link traceInputs}, returns `outputs`; both as they travel.
 *
 * @param outputs values of the trace
 */
export function defineStep(trace: Trace, outputs: readonly Value[], name: string): DefinedFunction {
  const graph = new Graph();
  try {
    const inputs = traceInputs(trace);
    const own = inputs.map((value) => enter(graph, value));
    const known = new Map(inputs.map((value, at) => [value, reveal(graph, own[at]!, value)]));
    const find = inline(trace.graph, graph, known, outputs);
    const unique = functionName(name);
    const results = outputs.map((value) => leave(graph, find(value)));
    noteFunction({ name, nodes: graph.nodes, inputs: own, outputs: results });
    graph.define(unique, own, results, graph.effects());
    return { name: unique, remove: () => graphBinding()!.removeFunction(unique) };
  } finally {
    graph.dispose();
  }
}
