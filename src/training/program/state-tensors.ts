import { type LayersModel, type Tensor, tf, type Variable } from "../../tensorflow";
import { assignSaved, modelTensors, type StateTensor, toTensor } from "./model-tensors";
import type { OptimizerState } from "../../spec";
import { BEST } from "../callbacks/best-weights";
import type { SavedTensor } from "../training-state";
import { AVERAGE, type WeightAverages } from "./weight-averages";

/** What a tf.train optimizer keeps itself stands under this. */
const OWN = "optimizer/own/";

/**
 * The tensors that training changes, by name: the model's weights with batch norm's moving averages, and the optimizer's
 * slots.
 */
export class StateTensors {
  readonly #tensors: ReadonlyMap<string, StateTensor>;
  readonly #optimizer: OptimizerState;
  readonly #averages: WeightAverages | null;

  /** @param variables the trainable ones, in the order of the optimizer's slots */
  constructor(
    model: LayersModel,
    variables: readonly Variable[],
    optimizer: OptimizerState,
    averages: WeightAverages | null = null,
  ) {
    const weights = modelTensors(model);
    const names = new Map([...weights].map(([name, { tensor }]) => [tensor.id, name.slice("model/".length)]));
    const slots = optimizer.slots.flatMap((list, at) =>
      list.map((slot, index): [string, StateTensor] => {
        const name = names.get(variables[at]!.id) ?? variables[at]!.name;
        return [`optimizer/${name}/${index}`, { tensor: slot, assign: (value) => slot.assign(value as Tensor<never>) }];
      }),
    );
    this.#tensors = new Map([...weights, ...slots]);
    this.#optimizer = optimizer;
    this.#averages = averages;
  }

  /** Their values now. */
  async read(): Promise<Map<string, SavedTensor>> {
    const own = this.#optimizer.saveOwn?.() ?? [];
    const all: [string, Tensor][] = [
      ...[...this.#tensors, ...(this.#averages?.tensors ?? [])].map(([name, { tensor }]): [string, Tensor] => [
        name,
        tensor,
      ]),
      ...own.map(({ name, tensor }, index): [string, Tensor] => [`${OWN}${index}/${name}`, tensor]),
    ];
    const read = async ([name, tensor]: [string, Tensor]): Promise<[string, SavedTensor]> => [
      name,
      { shape: tensor.shape, values: await tensor.data<"float32" | "int32">() },
    ];
    return new Map(await Promise.all(all.map(read)));
  }

  /**
   * Gives them saved values.
   *
   * @throws {RangeError} if those are of another model or optimizer; nothing is changed then
   */
  write(saved: ReadonlyMap<string, SavedTensor>): void {
    const isOwn = ([name]: readonly [string, unknown]) =>
      name.startsWith(OWN) && this.#optimizer.restoreOwn !== undefined;
    assignSaved(
      this.#tensors,
      [...saved].filter((entry) => !isOwn(entry) && !entry[0].startsWith(BEST) && !entry[0].startsWith(AVERAGE)),
    );
    this.#averages?.write([...saved].filter(([name]) => name.startsWith(AVERAGE)));
    const own = [...saved].filter(isOwn);
    this.#optimizer.restoreOwn?.(
      own.map(([name, value]) => ({ name: name.split("/").slice(3).join("/"), tensor: toTensor(value) })),
    );
  }

  /** Copies on the device, which can be given back or freed. */
  copy(): { restore(): void; dispose(): void } {
    const averages = (this.#averages?.tensors ?? []).map(([, state]) => state);
    const copies = [...this.#tensors.values(), ...averages].map((state) => ({ state, value: state.tensor.clone() }));
    return {
      restore() {
        for (const { state, value } of copies) state.assign(value);
      },
      dispose: () => tf.dispose(copies.map(({ value }) => value)),
    };
  }
}
