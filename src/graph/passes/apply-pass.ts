import { traceInputs } from "../define-step";
import { Graph, type Value } from "../graph";
import { inline, type Pass } from "../inline";
import { placeholder } from "../op-attributes";
import type { Trace } from "../trace";

/** The same step with a pass applied to its graph; the old graph is disposed of. */
export function applyPass(trace: Trace, pass: Pass): Trace {
  const graph = new Graph();
  try {
    const inputs = traceInputs(trace);
    const own = new Map(inputs.map((value) => [value, placeholder(graph, value.dtype, value.shape!)]));
    const written = trace.state.flatMap(({ after }) => after ?? []);
    const find = inline(trace.graph, graph, own, [...written, ...trace.outputs], pass);
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
