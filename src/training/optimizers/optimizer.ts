import type { OptimizerState, StepScalars } from "../../spec";
import { type Tensor, tf, type Variable } from "../../tensorflow";

/** What one variable's update computes: its new value and its new slots. */
export type UpdateRule = (
  variable: Variable,
  gradient: Tensor,
  slots: readonly Variable[],
  scalars: StepScalars,
) => { value: Tensor; slots: readonly Tensor[] };

/** An optimizer's state from its rule; `slotCount` zero-filled slots are made for each variable. */
export function startOptimizer(variables: readonly Variable[], slotCount: number, rule: UpdateRule): OptimizerState {
  const slots = variables.map((variable) =>
    Array.from({ length: slotCount }, () => tf.tidy(() => tf.variable(tf.zeros(variable.shape), false))),
  );
  return {
    slots,
    apply(gradients, scalars) {
      variables.forEach((variable, index) => {
        tf.tidy(() => {
          const own = slots[index]!;
          const next = rule(variable, gradients[index]!, own, scalars);
          next.slots.forEach((value, at) => own[at]!.assign(value as Tensor<never>));
          variable.assign(next.value as Tensor<never>);
        });
      });
    },
    reset() {
      tf.tidy(() => {
        for (const slot of slots.flat()) slot.assign(tf.zeros(slot.shape));
      });
    },
    dispose() {
      for (const slot of slots.flat()) slot.dispose();
    },
  };
}
