import { forwardLayers } from "../models/forward-layers";
import { wrapCall } from "../models/wrap-call";
import { type LayersModel, type Scalar, type Tensor, type Tensor1D, tf } from "../tensorflow";
import { norm } from "./statistics";

/** |x| below which an output counts as near zero. */
export const NEAR_ZERO = 1e-3;

/** `[mean, deviation, share near zero]` of a layer's output. */
export function outputStatistics(output: Tensor): Tensor1D {
  return tf.tidy(() => {
    const x = output.cast("float32");
    const mean = x.mean();
    const deviation = norm(x.sub(mean)).div(Math.sqrt(x.size));
    const near = x.abs().less(NEAR_ZERO).cast("float32").mean();
    return tf.stack([mean, deviation, near]) as Tensor1D;
  });
}

/** The same without a trace on the gradient tape, which would keep what it squares until the way back. */
function untaped(output: Tensor): Tensor1D {
  const statistics = tf.customGrad((x) => ({
    value: outputStatistics(x as Tensor),
    gradFunc: () => tf.zerosLike(output),
  }));
  return statistics(output) as Tensor1D;
}

/** One from those of several outputs: of a layer that is used twice, or that puts out several tensors. */
function joined(parts: readonly { statistics: Tensor1D; size: number }[]): Tensor1D {
  if (parts.length === 1) return parts[0]!.statistics;
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const columns = parts.map(({ statistics }) => tf.unstack(statistics) as [Scalar, Scalar, Scalar]);
  const weighted = (of: (column: [Scalar, Scalar, Scalar]) => Tensor) =>
    tf.addN(columns.map((column, at) => of(column).mul(parts[at]!.size / total)));
  const mean = weighted(([own]) => own);
  const variance = weighted(([own, deviation]) => deviation.square().add(own.sub(mean).square()));
  return tf.stack([mean, variance.sqrt(), weighted(([, , near]) => near)]) as Tensor1D;
}

/** Watches what the layers of a model put out in forward passes that are differentiated. */
export class OutputWatch {
  readonly layers;
  readonly #seen = new Map<number, { statistics: Tensor1D; size: number }[]>();

  constructor(model: LayersModel) {
    this.layers = forwardLayers(model).filter((layer) => layer.getClassName() !== "InputLayer");
  }

  /** Begins to watch; returns what ends it and forgets what was not taken. */
  begin(): () => void {
    const undo = this.layers.map((layer, index) =>
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
      const rows = this.layers.map((_, index) => {
        const parts = this.#seen.get(index);
        return parts ? joined(parts) : tf.zeros([3]);
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
