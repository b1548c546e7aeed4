import {
  attribute,
  hasOwnOutputStatistics,
  rawOp,
  type Scalar,
  type Tensor,
  type Tensor1D,
  tf,
} from "../../tensorflow";
import { norm } from "./norm";
import type { StepStatistic } from "./statistic";

/** |x| below which an output counts as near zero. */
export const NEAR_ZERO = 1e-3;

/** `[mean, deviation, share near zero]` of a layer's output, which is read once where gradamp's own op is there. */
export function outputStatistics(output: Tensor): Tensor1D {
  return tf.tidy(() => {
    const x = output.cast("float32");
    if (hasOwnOutputStatistics()) {
      const attributes = { T: attribute.type("float32"), near: attribute.float(NEAR_ZERO) };
      return rawOp("GradampOutputStatistics", attributes, [x])[0] as Tensor1D;
    }
    return statisticsByOps(x);
  });
}

/** The same by TensorFlow's operations, which read and write a tensor of the output's size some ten times. */
function statisticsByOps(x: Tensor): Tensor1D {
  return tf.tidy(() => {
    const mean = x.mean();
    const deviation = norm(x.sub(mean)).div(Math.sqrt(x.size));
    const near = x.abs().less(NEAR_ZERO).cast("float32").mean();
    return tf.stack([mean, deviation, near]) as Tensor1D;
  });
}

/** The numbers of an output, and how many values it has. */
export interface OutputStatistics {
  readonly statistics: Tensor1D;
  readonly size: number;
}

/** One from those of several outputs: of a layer that is used twice, or that puts out several tensors. */
export function joinedStatistics(parts: readonly OutputStatistics[]): Tensor1D {
  if (parts.length === 1) return parts[0]!.statistics;
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const columns = parts.map(({ statistics }) => tf.unstack(statistics) as [Scalar, Scalar, Scalar]);
  const weighted = (of: (column: [Scalar, Scalar, Scalar]) => Tensor) =>
    tf.addN(columns.map((column, at) => of(column).mul(parts[at]!.size / total)));
  const mean = weighted(([own]) => own);
  const variance = weighted(([own, deviation]) => deviation.square().add(own.sub(mean).square()));
  return tf.stack([mean, variance.sqrt(), weighted(([, , near]) => near)]) as Tensor1D;
}

/** Mean, deviation and share near zero of each layer's outputs, in rows of their own. */
export const outputs: StepStatistic<"outputs"> = {
  ...{ name: "outputs", kind: "outputs", over: "steps", reduce: "mean", wants: "outputs" },
  size: ({ layers }) => layers.length * 3,
  observe: ({ outputs: seen }) => seen!,
  rows: (values, { layers, chains }) =>
    layers.map((layer, index) => {
      const [mean = 0, deviation = 0, zeroShare = 0] = values.subarray(index * 3, (index + 1) * 3);
      return { index, layer, ...(chains && { chain: chains[index]! }), mean, deviation, zeroShare };
    }),
};
