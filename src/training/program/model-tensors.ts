import { type LayersModel, type Tensor, tf, type Variable } from "../../tensorflow";
import type { SavedTensor } from "../training-state";

/** A tensor of the training state, and how it gets another value. */
export interface StateTensor {
  readonly tensor: Tensor;
  assign(value: Tensor): void;
}

/** A model's weights, batch norm's moving averages among them, as `model/LAYER/WEIGHT`. */
export function modelTensors(model: LayersModel): Map<string, StateTensor> {
  const found = new Map<string, StateTensor>();
  for (const weight of model.weights) {
    // Two weights of one name, as in nested models, are told apart by a number.
    let name = `model/${weight.originalName}`;
    for (let number = 2; found.has(name); number++) name = `model/${weight.originalName}#${number}`;
    found.set(name, {
      get tensor() {
        return weight.read();
      },
      // Not by weight.write(), which applies the weight's constraint, and that need not leave a saved value as it is.
      assign: (value) => (weight.read() as Variable).assign(value as Tensor<never>),
    });
  }
  return found;
}

/**
 * Gives tensors saved values, by name, or in order where names differ, as they do for layers that tfjs named itself.
 *
 * @throws {RangeError} if they don't fit; nothing is changed then
 */
export function assignSaved(
  tensors: ReadonlyMap<string, StateTensor>,
  saved: readonly (readonly [string, SavedTensor])[],
): void {
  const names = [...tensors.keys()];
  if (saved.length !== names.length) {
    const extra = saved.find(([name]) => !tensors.has(name))?.[0];
    const missing = names.find((name) => !saved.some(([other]) => other === name));
    throw new RangeError(
      `Expected a state of this model and optimizer but found ${extra === undefined ? `no ${missing}` : extra} in it`,
    );
  }
  const byName = saved.every(([name]) => tensors.has(name));
  const pairs = saved.map(([name, value], at) => {
    const target = tensors.get(byName ? name : names[at]!)!;
    if (String(target.tensor.shape) !== String(value.shape)) {
      throw new RangeError(
        `Expected ${name} to have shape [${target.tensor.shape}] but found [${value.shape}] in the saved state`,
      );
    }
    return [target, value] as const;
  });
  for (const [target, value] of pairs) tf.tidy(() => target.assign(toTensor(value)));
}

/** Saved values on the device. */
export function toTensor({ shape, values }: SavedTensor): Tensor {
  return tf.tensor(values, [...shape], values instanceof Int32Array ? "int32" : "float32");
}
