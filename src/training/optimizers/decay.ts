import { type Tensor, tf, type Variable } from "../../tensorflow";

/** How much of itself a weight loses, and which weights do. */
interface Decay {
  readonly weightDecay: number;
  readonly decayed: "all" | "kernels";
}

/** Weights of more dimensions that are biases, scales or offsets all the same, as layer norm's over two axes. */
const OFFSET = /(?:^|[_/])(?:bias|gamma|beta)(?:_\d+)?$/;

/** Whether weight decay acts on a variable. */
export function decays(variable: Variable, { weightDecay, decayed }: Decay): boolean {
  if (weightDecay === 0) return false;
  return decayed === "all" || (variable.rank > 1 && !OFFSET.test(variable.name));
}

/** Coupled decay: the gradient with `weightDecay · w` added. */
export function withDecay(gradient: Tensor, variable: Variable, decay: Decay): Tensor {
  return decays(variable, decay) ? tf.add(gradient, tf.mul(variable, decay.weightDecay)) : gradient;
}

/** Decoupled decay: the weights, `rate · weightDecay` of themselves smaller. */
export function shrunk(variable: Variable, rate: Tensor, decay: Decay): Tensor {
  return decays(variable, decay) ? tf.mul(variable, tf.sub(1, tf.mul(rate, decay.weightDecay))) : variable;
}
