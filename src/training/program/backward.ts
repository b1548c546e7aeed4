import { type Scalar, type Tensor, tf, type Variable } from "../../tensorflow";
import { applyNaming } from "../../models/name-failure";
import { gradientFailure, recordedOps } from "./gradient-failure";
import { refuseFlat } from "./refuse-flat";
import type { StepContext, StepResult } from "./step-context";

interface Parts {
  readonly loss: Scalar;
  readonly penalty: Scalar;
}

/** Forward and backward: the batch's loss, what regularizers add to it, and the gradient of every variable by both. */
export function backward(
  context: StepContext,
  inputs: Tensor[],
  targets: Tensor | Tensor[],
  weights: Tensor | null = null,
): Omit<StepResult, "gradientNorm"> & { raw: Tensor[] } {
  const { model, lossFunction, variables } = context;
  let correct: Scalar | null = null;
  let parts: Parts | null = null;
  let lossOps: readonly string[] = [];
  const apply = () => model.apply(inputs.length === 1 ? inputs[0]! : inputs, { training: true }) as Tensor | Tensor[];
  const cost = (): Scalar => {
    const prediction = applyNaming(model, apply);
    const before = recordedOps().length;
    const value = lossFunction(prediction, targets, weights);
    lossOps = recordedOps().slice(before);
    refuseFlat(value.loss, prediction, lossFunction.what ?? "the loss");
    // Kept, since the tape's own scope would dispose of what it does not return.
    if (value.correct) correct = tf.keep(value.correct);
    const penalties = model.calculateLosses();
    if (penalties.length === 0) return value.loss;
    parts = { loss: tf.keep(value.loss), penalty: tf.keep(tf.addN(penalties)) };
    return tf.add<Scalar>(parts.loss, parts.penalty);
  };
  const { value, grads } = gradientsOf(cost, variables as Variable[], (error) =>
    gradientFailure(error, { model, loss: lossFunction.what ?? "the loss", lossOps, apply }),
  );
  const raw = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  const { loss, penalty } = (parts as Parts | null) ?? { loss: value, penalty: null };
  return { loss, penalty, correct: correct ?? tf.scalar(0), raw };
}

function gradientsOf(cost: () => Scalar, variables: Variable[], failure: (error: unknown) => unknown) {
  try {
    return tf.variableGrads(cost, variables);
  } catch (error) {
    throw failure(error);
  }
}
