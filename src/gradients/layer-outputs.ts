import { forwardLayers } from "../models/forward-layers";
import { namedLayers } from "../models/named-layers";
import { wrapCall } from "../models/wrap-call";
import { type LayersModel, type Tensor, type Tensor1D, tf } from "../tensorflow";
import { weightChains } from "./weight-chains";
import { joinedStatistics, type OutputStatistics, outputStatistics } from "./statistics/outputs";

/** The same without a trace on the gradient tape, which would keep what it squares until the way back. */
function untaped(output: Tensor): Tensor1D {
  const statistics = tf.customGrad((x) => ({
    value: outputStatistics(x as Tensor),
    gradFunc: () => tf.zerosLike(output),
  }));
  return statistics(output) as Tensor1D;
}

/** What the layers of a model put out in forward passes that are differentiated. */
export class LayerOutputs {
  /** Their names, in forward order. */
  readonly names: readonly string[];
  /** Where branches run in parallel, the layers with which their chains begin; null where all are one chain. */
  readonly chains: readonly string[] | null;
  readonly #layers;
  readonly #seen = new Map<number, OutputStatistics[]>();

  constructor(model: LayersModel) {
    this.#layers = forwardLayers(model).filter((layer) => layer.getClassName() !== "InputLayer");
    const names = new Map(namedLayers(model).map(({ layer, name }) => [layer, name]));
    this.names = this.#layers.map((layer) => names.get(layer)!);
    this.chains = weightChains(model, this.names.map((layer) => ({ layer, part: "" }))); // prettier-ignore
  }

  /** Begins to look; returns what ends it and forgets what was not taken. */
  begin(): () => void {
    const undo = this.#layers.map((layer, index) =>
      wrapCall(layer, (call) => (inputs, kwargs) => {
        const outputs = call(inputs, kwargs);
        // Evaluation and prediction of the same model do not count.
        if (tf.engine().isTapeOn()) for (const output of [outputs].flat()) this.#see(index, output);
        return outputs;
      }),
    );
    return () => {
      for (const end of undo) end();
      this.#forget();
    };
  }

  /** `[layers × 3]` of the pass that is over, zeros for a layer that took no part; then forgets it. */
  take(): Tensor1D {
    const result = tf.tidy(() => {
      const rows = this.#layers.map((_, index) => {
        const parts = this.#seen.get(index);
        return parts ? joinedStatistics(parts) : tf.zeros([3]);
      });
      return tf.concat(rows) as Tensor1D;
    });
    this.#forget();
    return result;
  }

  #see(index: number, output: Tensor): void {
    const statistics = tf.keep(untaped(output));
    const parts = this.#seen.get(index) ?? [];
    parts.push({ statistics, size: output.size });
    this.#seen.set(index, parts);
  }

  #forget(): void {
    for (const parts of this.#seen.values()) tf.dispose(parts.map(({ statistics }) => statistics));
    this.#seen.clear();
  }
}
