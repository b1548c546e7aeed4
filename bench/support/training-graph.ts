import type { Measurement } from "../../src/gradients";
import { DataType } from "../../src/graph/data-type";
import { type InputSpec, trace, type Trace } from "../../src/graph/trace";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";
import { type Optimizer, sgd } from "../../src/training";
import { trainingStep } from "../../src/training/program/training-step";
import { stepContext } from "./step-context";

/** What step is traced. */
export interface TrainingGraphOptions {
  /** Samples; 5 by default. */
  readonly batch?: number;
  /** SGD by default. */
  readonly optimizer?: Optimizer;
  /** What looks at the step's gradients; nothing by default. */
  readonly measurements?: readonly Measurement[];
}

/**
 * Traces one training step of a model, classes by cross-entropy, optimises its graph, and looks.
 *
 * @param optimise disposes of the trace that it is given, as passes do
 */
export function lookAtTrainingGraph<Seen>(
  model: LayersModel,
  optimise: (trace: Trace) => Trace,
  look: (trace: Trace) => Seen,
  { batch = 5, optimizer = sgd(), measurements = [] }: TrainingGraphOptions = {},
): Seen {
  const context = stepContext(model, optimizer);
  const specs: InputSpec[] = [
    { dtype: DataType.float32, shape: [batch, ...(model.inputs[0]!.shape.slice(1) as number[])] },
    { dtype: DataType.int32, shape: [batch] },
  ];
  const step = (x: Tensor, y: Tensor) => {
    const scalars = { learningRate: tf.scalar(0.1), step: tf.scalar(1) };
    const { loss, correct } = trainingStep(context, [x], y, scalars, measurements);
    return [loss, correct];
  };
  try {
    const traced = optimise(trace((x, y) => step(x!, y!), specs));
    try {
      return look(traced);
    } finally {
      traced.dispose();
    }
  } finally {
    context.optimizer.dispose();
  }
}
