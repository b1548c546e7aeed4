import { type LearningRate, type Optimizer, type OptimizerName, type OptimizerState, type StepScalars, toSchedule } from "../../spec"; // prettier-ignore
import { type Tensor, tf, type Variable } from "../../tensorflow";

/** What one variable's update computes: its new value and its new slots. */
export type UpdateRule = (
  variable: Variable,
  gradient: Tensor,
  slots: readonly Variable[],
  scalars: StepScalars,
) => { value: Tensor; slots: readonly Tensor[] };

/** What is said of an optimizer of gradamp's: its name, its schedule, and every setting as it is written down. */
export function describedOptimizer(
  name: OptimizerName,
  { learningRate, ...settings }: { readonly learningRate: LearningRate },
  given: { readonly learningRate?: LearningRate },
): Pick<Optimizer, "name" | "learningRate" | "hasOwnRate" | "settings"> {
  const schedule = toSchedule(learningRate);
  return {
    name,
    learningRate: schedule,
    hasOwnRate: given.learningRate !== undefined,
    settings: { learningRate: schedule.spec ?? schedule.description, ...settings },
  };
}

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
