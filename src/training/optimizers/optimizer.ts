import { type Scalar, type Tensor, tf, type Variable } from "../../tensorflow";
import type { LearningRateSchedule } from "./learning-rate";

/** The scalars of a step that change between steps; tensors, so that a compiled step takes them as arguments. */
export interface StepScalars {
  readonly learningRate: Scalar;
  /** Steps since the optimizer was new or last reset, from 1. */
  readonly step: Scalar;
}

/** An optimizer at work on a model's variables. */
export interface OptimizerState {
  /** The slot variables (momentum, moments), one list per variable of the model; all zero at the start. */
  readonly slots: readonly (readonly Variable[])[];
  /** Updates every variable from its gradient. */
  apply(gradients: readonly Tensor[], scalars: StepScalars): void;
  /** Empties the slots. */
  reset(): void;
  /** What an optimizer keeps beside slots, for those that are not gradamp's own; read before training goes on. */
  saveOwn?(): { name: string; tensor: Tensor }[];
  /** Takes the tensors over. */
  restoreOwn?(saved: { name: string; tensor: Tensor }[]): void;
  dispose(): void;
}

/** An optimizer as an option: what `sgd()` and `adam()` return. */
export interface Optimizer {
  readonly name: string;
  readonly learningRate: LearningRateSchedule;
  /** Whether the caller chose the rate; stages bring their own. */
  readonly hasOwnRate: boolean;
  /** Every setting, for a run's record. */
  readonly settings: Readonly<Record<string, number | boolean | string>>;
  /** Whether a constant factor on a parameter's gradient leaves its updates nearly as they are. */
  readonly scaleInvariant: boolean;
  start(variables: readonly Variable[]): OptimizerState;
}

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
