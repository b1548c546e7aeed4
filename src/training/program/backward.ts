import { type Scalar, type Tensor, tf, type Variable } from "../../tensorflow";
import type { StepContext, StepResult } from "./step-context";

/** Forward and backward: the batch's loss and the gradient of every variable. */
export function backward(context: StepContext, inputs: Tensor[], targets: Tensor): StepResult & { raw: Tensor[] } {
  const { model, lossFunction, variables } = context;
  let correct: Scalar | null = null;
  const { value, grads } = tf.variableGrads(() => {
    const prediction = model.apply(inputs.length === 1 ? inputs[0]! : inputs, { training: true }) as Tensor | Tensor[];
    const value = lossFunction(prediction, targets);
    // Kept, since the tape's own scope would dispose of what it does not return.
    if (value.correct) correct = tf.keep(value.correct);
    return model.calculateLosses().reduce<Scalar>((sum, penalty) => tf.add(sum, penalty), value.loss);
  }, variables as Variable[]);
  const raw = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  return { loss: value, correct: correct ?? tf.scalar(0), raw };
}
