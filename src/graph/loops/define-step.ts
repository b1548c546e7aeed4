import { graphBinding } from "../../tensorflow";
import { noteFunction } from "../gpu-plan/noted-functions";
import { functionName } from "../function-names";
import { Graph, type Value } from "../graph";
import { inline } from "../inline";
import { placeholder } from "../op-attributes";
import type { Trace } from "../trace";

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
 * Defines one step as a function: takes {@link traceInputs}, returns `outputs`.
 *
 * @param outputs values of the trace
 */
export function defineStep(trace: Trace, outputs: readonly Value[], name: string): DefinedFunction {
  const graph = new Graph();
  try {
    const inputs = traceInputs(trace);
    const own = inputs.map(({ dtype, shape }) => placeholder(graph, dtype, shape!));
    const find = inline(trace.graph, graph, new Map(inputs.map((value, at) => [value, own[at]!])), outputs);
    const unique = functionName(name);
    const results = outputs.map(find);
    noteFunction({ name, nodes: graph.nodes, inputs: own, outputs: results });
    graph.define(unique, own, results, graph.effects());
    return { name: unique, remove: () => graphBinding()!.removeFunction(unique) };
  } finally {
    graph.dispose();
  }
}
