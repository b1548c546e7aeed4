import { type Scalar, type Tensor, tf, type Variable } from "../../tensorflow";
import type { StepContext, StepResult } from "./step-context";

interface Parts {
  readonly loss: Scalar;
  readonly penalty: Scalar;
}

/** Forward and backward: the batch's loss, what regularizers add to it, and the gradient of every variable by both. */
export function backward(context: StepContext, inputs: Tensor[], targets: Tensor): StepResult & { raw: Tensor[] } {
  const { model, lossFunction, variables } = context;
  let correct: Scalar | null = null;
  let parts: Parts | null = null;
  const { value, grads } = tf.variableGrads(() => {
    const prediction = model.apply(inputs.length === 1 ? inputs[0]! : inputs, { training: true }) as Tensor | Tensor[];
    const value = lossFunction(prediction, targets);
    // Kept, since the tape's own scope would dispose of what it does not return.
    if (value.correct) correct = tf.keep(value.correct);
    const penalties = model.calculateLosses();
    if (penalties.length === 0) return value.loss;
    parts = { loss: tf.keep(value.loss), penalty: tf.keep(tf.addN(penalties)) };
    return tf.add(parts.loss, parts.penalty);
  }, variables as Variable[]);
  const raw = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  const { loss, penalty } = (parts as Parts | null) ?? { loss: value, penalty: null };
  return { loss, penalty, correct: correct ?? tf.scalar(0), raw };
}
