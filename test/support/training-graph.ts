import { weightTensors } from "../../src/gradients";
import { DataType } from "../../src/graph/data-type";
import { applyPass } from "../../src/graph/passes/apply-pass";
import type { Node, Value } from "../../src/graph/graph";
import type { Pass } from "../../src/graph/inline";
import { type InputSpec, trace, type Trace } from "../../src/graph/trace";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";
import { type Optimizer, sgd } from "../../src/training";
import { lossFunction } from "../../src/training/loss";
import { trainingStep } from "../../src/training/training-step";

/** Traces one training step of a model on `batch` samples, applies passes one after the other, and looks. */
export function lookAtTrainingGraph(
  model: LayersModel,
  passes: readonly (() => Pass)[],
  look: (trace: Trace) => void,
  options: { batch?: number; optimizer?: Optimizer } = {},
): void {
  const { batch = 5, optimizer = sgd() } = options;
  const variables = weightTensors(model).map(({ variable }) => variable);
  const state = optimizer.start(variables);
  const context = {
    ...{ model, variables, optimizer: state, clipNorm: null },
    lossFunction: lossFunction(model, "crossEntropy"),
  };
  const specs: InputSpec[] = [
    { dtype: DataType.float32, shape: [batch, ...(model.inputs[0]!.shape.slice(1) as number[])] },
    { dtype: DataType.int32, shape: [batch] },
  ];
  const step = (x: Tensor, y: Tensor) => {
    const scalars = { learningRate: tf.scalar(0.1), step: tf.scalar(1) };
    const { loss, correct } = trainingStep(context, [x], y, scalars);
    return [loss, correct];
  };
  let traced = trace((x, y) => step(x!, y!), specs);
  try {
    for (const pass of passes) traced = applyPass(traced, pass());
    look(traced);
  } finally {
    traced.dispose();
    state.dispose();
  }
}

/** Nodes of some kinds, in order. */
export function nodesOf({ graph }: Trace, ...ops: readonly string[]): Node[] {
  return graph.nodes.filter(({ op }) => ops.includes(op));
}

/** Whether a value has a row per sample, as activations and their gradients do. */
export function isActivation({ shape }: Value, batch: number): boolean {
  return shape !== null && shape.length > 1 && shape[0] === batch;
}
