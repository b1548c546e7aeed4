import { type Scalar, type Tensor, tf } from "../tensorflow";

/** What one measured number needs: the gradient and the weights at the moment of the measurement. */
export type Measure = (gradient: Tensor, weights: Tensor) => Scalar;

/**
 * ‖x‖₂.  Scaled by the largest entry first: the squares of a vanished gradient (1e-19) are below float32's smallest
 * number, so that the plain root of the sum of squares is 0.
 */
function norm(x: Tensor): Scalar {
  const largest = x.abs().max();
  const scale = tf.where(largest.greater(0), largest, tf.onesLike(largest));
  return x.div(scale).square().sum().sqrt().mul(largest);
}

/** Every measured number by its column's name. */
const MEASURES = {
  meanAbs: (gradient) => gradient.abs().mean(),
  l2: (gradient) => norm(gradient),
  maxAbs: (gradient) => gradient.abs().max(),
  zeroShare: (gradient) => gradient.equal(0).cast("float32").mean(),
  nonFinite: (gradient) => gradient.isFinite().logicalNot().cast("float32").sum(),
  weightL2: (_, weights) => norm(weights),
} satisfies Record<string, Measure>;

/** A measured number, by its column's name. */
export type StatisticColumn = keyof typeof MEASURES;

/** The statistics that can be asked for, and the columns each adds to the gradient rows; all are per weight tensor. */
export const STATISTICS = {
  /** Mean |gradient|: the quantity of the gradient-flow figures. */
  gradientFlow: ["meanAbs"],
  /** ‖gradient‖₂ and max |gradient|. */
  norms: ["l2", "maxAbs"],
  /** Share of exact zeros and the number of non-finite entries. */
  health: ["zeroShare", "nonFinite"],
  /** ‖weights‖₂. */
  weights: ["weightL2"],
} as const satisfies Record<string, readonly StatisticColumn[]>;

export type StatisticName = keyof typeof STATISTICS;

/** Columns of some statistics, each once; `meanAbs` is always the first, since every gradient row has it. */
export function statisticColumns(names: readonly StatisticName[]): StatisticColumn[] {
  return [...new Set(["meanAbs" as const, ...names.flatMap((name) => [...STATISTICS[name]])])];
}

/**
 * All columns of all weight tensors as one vector on the device, `[tensors × columns]`, columns fastest.
 *
 * @param gradients one per weight tensor, in the order of `weights`
 */
export function measureGradients(
  columns: readonly StatisticColumn[],
  gradients: readonly Tensor[],
  weights: readonly Tensor[],
): Tensor {
  return tf.tidy(() =>
    tf.stack(gradients.flatMap((gradient, at) => columns.map((column) => MEASURES[column](gradient, weights[at]!)))),
  );
}
