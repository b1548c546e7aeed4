import { graphBinding } from "../../tensorflow";
import { DataType } from "../data-type";
import { functionName } from "../function-names";
import { kernelTable } from "../gpu-plan/kernel-table";
import { Graph, type Node, type Value } from "../graph";
import { inline } from "../inline";
import { traceInputs } from "../loops/define-step";
import { op, placeholder } from "../op-attributes";
import { LiveStep, resultsOf } from "../passes/live-step";
import type { Trace } from "../trace";
import { TraceError } from "../trace-error";

/**
 * The same step with all of it in one program of XLA's but for what XLA has no kernel for, as crops of images, and draws, which
 * would be others there, with what these need. The old graph is disposed of.
 *
 * @throws {TraceError} if an op that XLA does not have needs what is trained; the message names it
 */
export function byXla(trace: Trace, name: string): Trace {
  const step = new LiveStep(trace);
  const outside = nodesOutside(trace, step.nodes);
  const isConstant = constants(step.nodes);
  /** What is computed before the program, and not again in it. */
  const isBefore = (value: Value) => outside.has(value.node) && !isConstant(value.node);
  const inputs = traceInputs(trace);
  const given = new Set(inputs);
  const inside = step.nodes.filter((node) => !outside.has(node) && !given.has(node.outputs[0]!));
  const isOuter = (value: Value) => given.has(value) || isBefore(value);
  const taken = [...new Set(inside.flatMap((node) => node.inputs.filter(isOuter)))];
  const results = [...new Set(resultsOf(trace).filter((value) => !isOuter(value)))];
  if (results.length === 0) return trace;

  const program = defineProgram(trace, taken, results, name);
  const graph = new Graph();
  try {
    const own = new Map(inputs.map((value) => [value, placeholder(graph, value.dtype, value.shape!)]));
    const find = inline(trace.graph, graph, own, taken);
    const types = (values: readonly Value[]) => values.map(({ dtype }) => dtype);
    const call = graph.add(
      "StatefulPartitionedCall",
      [
        op.type("Tin", types(taken)),
        op.type("Tout", types(results)),
        op.functionName("f", program),
        op.bool("_XlaMustCompile", true),
      ],
      taken.map(find),
      { outputs: results },
    );
    const outputs = new Map(results.map((value, at) => [value, call.outputs[at]!]));
    const at = (value: Value) => outputs.get(value) ?? own.get(value) ?? find(value);
    const changed: Trace = {
      ...trace,
      graph,
      inputs: trace.inputs.map(at),
      captures: trace.captures.map((capture) => ({ ...capture, value: at(capture.value) })),
      state: trace.state.map(({ variable, before, after }) => ({ variable, before: at(before), after: after && at(after) })), // prettier-ignore
      outputs: trace.outputs.map(at),
      dispose: () => {
        graph.dispose();
        trace.dispose();
        if (graphBinding()!.hasFunction(program)) graphBinding()!.removeFunction(program);
      },
    };
    trace.graph.dispose();
    return changed;
  } catch (error) {
    graph.dispose();
    graphBinding()!.removeFunction(program);
    throw error;
  }
}

/** Whether XLA computes an op as its kernel does: it draws other random numbers from the same seed. */
const isCompiled = (name: string): boolean => kernelTable().xla.includes(name) && !/Random|Multinomial/.test(name);

/** Ops that XLA does not compute as their kernels do, and all that they need. */
function nodesOutside(trace: Trace, nodes: readonly Node[]): Set<Node> {
  const outside = new Set<Node>();
  const trained = new Set(
    trace.state.filter(({ after, before }) => after && before.dtype === DataType.float32).map(({ before }) => before),
  );
  for (const node of nodes) {
    if (node.op === "Placeholder" || isCompiled(node.op)) continue;
    const open = [node];
    for (let next = open.pop(); next; next = open.pop()) {
      if (outside.has(next)) continue;
      outside.add(next);
      for (const input of next.inputs) {
        if (trained.has(input))
          throw new TraceError(
            `Expected ops that XLA compiles but found ${node.op}, which needs what the step trains: leave it out of the step, or ` +
              `use compiler: "none"`,
          );
        open.push(input.node);
      }
    }
  }
  return outside;
}

/** Which nodes are computed of constants alone. */
function constants(nodes: readonly Node[]): (node: Node) => boolean {
  const found = new Set<Node>();
  for (const node of nodes)
    if (node.op === "Const" || (node.inputs.length > 0 && node.inputs.every((input) => found.has(input.node))))
      found.add(node);
  return (node) => found.has(node);
}

function defineProgram(trace: Trace, taken: readonly Value[], results: readonly Value[], name: string): string {
  const graph = new Graph();
  try {
    const own = taken.map(({ dtype, shape }) => placeholder(graph, dtype, shape!));
    const find = inline(trace.graph, graph, new Map(taken.map((value, at) => [value, own[at]!])), results);
    const unique = functionName(`${name}_xla`);
    graph.define(unique, own, results.map(find), graph.effects(), { xla: true });
    return unique;
  } finally {
    graph.dispose();
  }
}
