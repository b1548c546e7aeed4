import { type LayersModel, type Tensor, tf } from "../../tensorflow";
import { modelTensors } from "../program/model-tensors";
import type { SavedTensor } from "../training-state";

/** Under which the weights of the best epoch stand in a training's state. */
export const BEST = "best/";

/** The weights of the best epoch so far, on the device, to end with. */
export class BestWeights {
  #kept: Map<string, Tensor> | null = null;

  constructor(readonly model: LayersModel) {}

  /** Keeps the model's weights as they are now. */
  keep(): void {
    this.dispose();
    this.#kept = new Map([...modelTensors(this.model)].map(([name, { tensor }]) => [name, tensor.clone()]));
  }

  /** Gives the model the weights that were kept, if any were. */
  restore(): void {
    for (const [name, state] of modelTensors(this.model)) {
      const kept = this.#kept?.get(name);
      if (kept) state.assign(kept);
    }
  }

  /** What was kept, for a training's state. */
  async read(): Promise<[string, SavedTensor][]> {
    const read = async ([name, tensor]: [string, Tensor]): Promise<[string, SavedTensor]> => [
      BEST + name,
      { shape: tensor.shape, values: await tensor.data<"float32" | "int32">() },
    ];
    return Promise.all([...(this.#kept ?? [])].map(read));
  }

  /** Takes over what a state holds. */
  write(saved: ReadonlyMap<string, SavedTensor>): void {
    this.dispose();
    const own = [...saved].filter(([name]) => name.startsWith(BEST));
    if (own.length === 0) return;
    this.#kept = new Map(
      own.map(([name, { shape, values }]) => [
        name.slice(BEST.length),
        tf.tensor(values, [...shape], values instanceof Int32Array ? "int32" : "float32"),
      ]),
    );
  }

  dispose(): void {
    tf.dispose([...(this.#kept?.values() ?? [])]);
    this.#kept = null;
  }
}
