import type { DirectionalityRow } from "../rows";
import { type Tensor1D, tf } from "../tensorflow";
import { directionalityOfSums } from "./directionality";
import type { GradientObserver } from "./observer";
import type { WeightTensor } from "./weight-tensors";

/** Sums the gradients of layers over the steps of an epoch; `read()` gives `[layers × 2]`, G and G′ of each. */
export interface DirectionalityObserver extends GradientObserver {
  /** Names of the layers, in forward order. */
  readonly layers: readonly string[];
  /** Rows from what `read()` gave. */
  rows(values: Float32Array, at: { epoch: number; step: number }): DirectionalityRow[];
}

/**
 * Sums Σg and Σ|g| of every trainable weight on the device and reduces them there; one small vector is read an epoch.
 *
 * Each layer counts with all its trainable weights together.  Memory: two numbers a weight.
 *
 * Source: Basodi et al. 2023, eq. 4 and 5.
 */
export function directionalityObserver(weights: readonly WeightTensor[]): DirectionalityObserver {
  const owned = new Map<unknown, { name: string; tensors: number[] }>();
  weights.forEach(({ owner, layer }, index) => {
    const entry = owned.get(owner) ?? { name: layer, tensors: [] };
    entry.tensors.push(index);
    owned.set(owner, entry);
  });
  const layers = [...owned.values()];
  const zeros = () => tf.tidy(() => weights.map(({ variable }) => tf.variable(tf.zeros(variable.shape), false)));
  const [sums, absolutes] = [zeros(), zeros()];
  return {
    variables: [...sums, ...absolutes],
    layers: layers.map(({ name }) => name),
    observe({ raw }) {
      tf.tidy(() =>
        raw.forEach((gradient, at) => {
          sums[at]!.assign(tf.add(sums[at]!, gradient));
          absolutes[at]!.assign(tf.add(absolutes[at]!, tf.abs(gradient)));
        }),
      );
    },
    reset() {
      tf.tidy(() => {
        for (const variable of [...sums, ...absolutes]) variable.assign(tf.zeros(variable.shape));
      });
    },
    async read() {
      const ratios = tf.tidy(
        () =>
          tf.concat(
            layers.map(({ tensors }) =>
              directionalityOfSums(
                tensors.map((at) => sums[at]!),
                tensors.map((at) => absolutes[at]!),
              ),
            ),
          ) as Tensor1D,
      );
      const values = await ratios.data<"float32">();
      ratios.dispose();
      return values;
    },
    rows: (values, at) =>
      layers.map(({ name }, index) => ({
        ...at,
        index,
        layer: name,
        G: values[2 * index]!,
        GPrime: values[2 * index + 1]!,
      })),
    dispose() {
      tf.dispose([...sums, ...absolutes]);
    },
  };
}
