import { type LayersModel, type Tensor, tf, type Variable } from "../../tensorflow";
import { assignSaved, modelTensors, type StateTensor } from "./model-tensors";
import type { SavedTensor } from "../training-state";

/** Under which averages stand in a training's state, followed by the weight's name. */
export const AVERAGE = "average/";

/**
 * Exponential moving averages of a model's weights, batch norm's statistics among them: `a ← decay · a + (1 − decay) · w` after
 * each step, beginning with the weights that training begins with, as Keras's `use_ema`.
 */
export class WeightAverages {
  readonly #averages: ReadonlyMap<string, Variable>;

  constructor(
    readonly model: LayersModel,
    readonly decay: number,
  ) {
    this.#averages = new Map(
      [...modelTensors(model)].map(([name, { tensor }]) => [name, tf.tidy(() => tf.variable(tensor.clone(), false))]),
    );
  }

  /** Takes up the weights as a step has left them; only tensor operations. */
  update(): void {
    const weights = modelTensors(this.model);
    for (const [name, average] of this.#averages) {
      const { tensor } = weights.get(name)!;
      const isNumber = tensor.dtype === "float32";
      average.assign((isNumber ? tf.add(tf.mul(average, this.decay), tf.mul(tensor, 1 - this.decay)) : tensor.clone()) as Tensor<never>); // prettier-ignore
    }
  }

  /** Does something with the averages as the model's weights. */
  async during<Result>(action: () => Result | Promise<Result>): Promise<Result> {
    const weights = modelTensors(this.model);
    const own = [...weights].map(([name, state]) => ({ state, value: state.tensor.clone(), name }));
    this.give();
    try {
      return await action();
    } finally {
      for (const { state, value } of own) {
        state.assign(value);
        value.dispose();
      }
    }
  }

  /** Gives the model the averages for weights. */
  give(): void {
    for (const [name, state] of modelTensors(this.model)) state.assign(this.#averages.get(name)!);
  }

  /** The averages by their names in a training's state, and how they get other values. */
  get tensors(): [string, StateTensor][] {
    return [...this.#averages].map(([name, average]) => [
      AVERAGE + name.slice("model/".length),
      { tensor: average, assign: (value) => average.assign(value as Tensor<never>) },
    ]);
  }

  /** Begins anew with the weights as they are. */
  begin(): void {
    for (const [name, { tensor }] of modelTensors(this.model)) tf.tidy(() => this.#averages.get(name)!.assign(tensor.clone() as Tensor<never>)); // prettier-ignore
  }

  /** Takes over what a state holds; where that is nothing, begins with the weights as they are. */
  write(saved: readonly (readonly [string, SavedTensor])[]): void {
    if (saved.length === 0) this.begin();
    else assignSaved(new Map(this.tensors), saved);
  }

  dispose(): void {
    tf.dispose([...this.#averages.values()]);
  }
}
