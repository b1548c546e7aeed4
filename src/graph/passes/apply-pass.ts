import { traceInputs } from "../loops/define-step";
import { Graph, type Value } from "../graph";
import { inline, type Pass } from "../inline";
import { placeholder } from "../op-attributes";
import type { Trace } from "../trace";
import { LiveStep, resultsOf } from "./live-step";

/**
 * Makes a pass for a step; what it looks at is what the step needs. Null where it would change nothing: a graph of
 * thousands of nodes is then not copied.
 */
export type PassMaker = (step: LiveStep) => Pass | null;

/** The same step with a pass applied to its graph; the old graph is disposed of, unless nothing is to change. */
export function applyPass(trace: Trace, makePass: PassMaker): Trace {
  const pass = makePass(new LiveStep(trace));
  if (!pass) return trace;
  const graph = new Graph();
  try {
    const inputs = traceInputs(trace);
    const own = new Map(inputs.map((value) => [value, placeholder(graph, value.dtype, value.shape!)]));
    const find = inline(trace.graph, graph, own, resultsOf(trace), pass);
    const at = (value: Value) => own.get(value)!;
    const changed: Trace = {
      ...trace,
      graph,
      inputs: trace.inputs.map(at),
      captures: trace.captures.map((capture) => ({ ...capture, value: at(capture.value) })),
      state: trace.state.map(({ variable, before, after }) => ({
        variable,
        before: at(before),
        after: after && find(after),
      })),
      outputs: trace.outputs.map(find),
      dispose: () => {
        graph.dispose();
        trace.dispose();
      },
    };
    trace.graph.dispose();
    return changed;
  } catch (error) {
    graph.dispose();
    throw error;
  }
}
