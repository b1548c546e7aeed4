import { type LayersModel, type Tensor, tf, type Variable } from "../tensorflow";
import type { OptimizerState } from "./optimizer";
import type { SavedTensor } from "./training-state";

/** A variable of the training state, and how it gets another value. */
interface StateTensor {
  readonly tensor: Tensor;
  assign(value: Tensor): void;
}

/**
 * The tensors that training changes, by name: the model's weights with batch norm's moving averages, and the optimizer's
 * slots.
 */
export class StateTensors {
  readonly #model: ReadonlyMap<string, StateTensor>;
  readonly #slots: ReadonlyMap<string, StateTensor>;
  readonly #optimizer: OptimizerState;

  /** @param variables the trainable ones, in the order of the optimizer's slots */
  constructor(model: LayersModel, variables: readonly Variable[], optimizer: OptimizerState) {
    const weights = named(model.weights.map((weight) => [weight.originalName, weight] as const));
    this.#model = new Map(
      [...weights].map(([name, weight]) => [
        `model/${name}`,
        { get tensor() { return weight.read(); }, assign: (value) => void weight.write(value) }, // prettier-ignore
      ]),
    );
    const names = new Map([...weights].map(([name, weight]) => [weight.read().id, name]));
    this.#slots = new Map(
      optimizer.slots.flatMap((slots, at) =>
        slots.map((slot, index): [string, StateTensor] => {
          const name = names.get(variables[at]!.id) ?? variables[at]!.name;
          return [
            `optimizer/${name}/${index}`,
            { tensor: slot, assign: (value) => slot.assign(value as Tensor<never>) },
          ];
        }),
      ),
    );
    this.#optimizer = optimizer;
  }

  /** Their values now. */
  async read(): Promise<Map<string, SavedTensor>> {
    const own = await this.#optimizer.saveOwn?.();
    const all: [string, Tensor][] = [
      ...[...this.#model, ...this.#slots].map(([name, { tensor }]): [string, Tensor] => [name, tensor]),
      ...(own ?? []).map(({ name, tensor }, index): [string, Tensor] => [`optimizer/own/${index}/${name}`, tensor]),
    ];
    return new Map(
      await Promise.all(
        all.map(async ([name, tensor]): Promise<[string, SavedTensor]> => {
          const values = await tensor.data<"float32" | "int32">();
          return [name, { shape: tensor.shape, values }];
        }),
      ),
    );
  }

  /**
   * Gives them saved values.
   *
   * @throws {RangeError} where those are of another model or optimizer; nothing is changed then
   */
  async write(saved: ReadonlyMap<string, SavedTensor>): Promise<void> {
    const known = new Map([...this.#model, ...this.#slots]);
    const own = [...saved].filter(([name]) => name.startsWith("optimizer/own/"));
    for (const [name, { shape }] of saved) {
      const found = known.get(name)?.tensor.shape;
      if (name.startsWith("optimizer/own/") && this.#optimizer.restoreOwn) continue;
      if (!found) throw new RangeError(`Expected a state of this model and optimizer but found ${name} in it`);
      if (String(found) !== String(shape))
        throw new RangeError(`Expected ${name} to have shape [${found}] but found [${shape}] in the saved state`);
    }
    const missing = [...known.keys()].find((name) => !saved.has(name));
    if (missing) throw new RangeError(`Expected a state of this model and optimizer but found no ${missing} in it`);
    for (const [name, { assign }] of known) tf.tidy(() => assign(toTensor(saved.get(name)!)));
    await this.#optimizer.restoreOwn?.(
      own.map(([name, value]) => ({ name: name.split("/").slice(3).join("/"), tensor: toTensor(value) })),
    );
  }

  /** Copies on the device; what it returns gives the copied values back, or only frees the copies. */
  copy(): { restore(): void; dispose(): void } {
    const copies = [...this.#model.values(), ...this.#slots.values()].map((state) => ({
      state,
      value: state.tensor.clone(),
    }));
    return {
      restore() {
        for (const { state, value } of copies) state.assign(value);
      },
      dispose: () => tf.dispose(copies.map(({ value }) => value)),
    };
  }
}

function toTensor({ shape, values }: SavedTensor): Tensor {
  return tf.tensor(values, [...shape], values instanceof Int32Array ? "int32" : "float32");
}

/** Two weights of one name, as in nested models, are told apart by a number. */
function named<Value>(entries: readonly (readonly [string, Value])[]): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const [name, value] of entries) {
    let free = name;
    for (let number = 2; found.has(free); number++) free = `${name}#${number}`;
    found.set(free, value);
  }
  return found;
}
