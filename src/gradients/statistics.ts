import type { StatisticName } from "../spec";
import { type Scalar, type Tensor, tf } from "../tensorflow";
import type { ObservedStep } from "./observer";

/** One weight tensor's part of an observed step. */
export interface ObservedTensor {
  readonly gradient: Tensor;
  readonly clipped: Tensor;
  /** Null unless a column wants it. */
  readonly unamplified: Tensor | null;
  readonly weights: Tensor;
  readonly updated: Tensor;
}

/** What one measured number is made of. */
export type Measure = (tensor: ObservedTensor) => Scalar;

/**
 * ‖x‖₂.  Scaled by the largest entry first: the squares of a vanished gradient (1e-19) are below float32's smallest
 * number, so that the plain root of the sum of squares is 0.
 */
export function norm(x: Tensor): Scalar {
  const largest = x.abs().max();
  const scale = tf.where(largest.greater(0), largest, tf.onesLike(largest));
  return x.div(scale).square().sum().sqrt().mul(largest);
}

const meanAbs = (x: Tensor): Scalar => x.abs().mean();

/** 0 where nothing moved, also where the weights are all 0; infinite where only the weights are. */
function updateRatio(weights: Tensor, updated: Tensor): Scalar {
  const moved = norm(updated.sub(weights));
  return tf.where(moved.greater(0), moved.div(norm(weights)), moved);
}

/** Every measured number by its column's name. */
const MEASURES = {
  meanAbs: ({ gradient }) => meanAbs(gradient),
  l2: ({ gradient }) => norm(gradient),
  maxAbs: ({ gradient }) => gradient.abs().max(),
  zeroShare: ({ gradient }) => gradient.equal(0).cast("float32").mean(),
  nonFinite: ({ gradient }) => gradient.isFinite().logicalNot().cast("float32").sum(),
  weightL2: ({ weights }) => norm(weights),
  updateL2: ({ weights, updated }) => norm(updated.sub(weights)),
  updateRatio: ({ weights, updated }) => updateRatio(weights, updated),
  rawMeanAbs: ({ unamplified, gradient }) => meanAbs(unamplified ?? gradient),
  clippedMeanAbs: ({ clipped }) => meanAbs(clipped),
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
  /** ‖weights‖₂ before the update. */
  weights: ["weightL2"],
  /** ‖update‖₂, and ‖update‖₂ / ‖weights‖₂. */
  updates: ["updateL2", "updateRatio"],
  /**
   * Mean |gradient| without amplification (`rawMeanAbs`) and after clipping (`clippedMeanAbs`), beside the amplified one
   * (`meanAbs`).  Where layers are amplified, a measured step is done twice: it takes about twice as long.
   */
  amplification: ["rawMeanAbs", "clippedMeanAbs"],
  /** Quantiles of |gradient| (`q05`, `q25`, `q50`, `q75`, `q95`), from a histogram of log₂ |gradient|; exact to its bin. */
  quantiles: [],
  /** That histogram itself, in rows of its own, with the quantiles. */
  histogram: [],
  /** Mean, deviation and share near zero of each layer's outputs, in rows of their own. */
  outputs: [],
  /** G and G′ of each layer over every whole epoch, in rows of their own; keeps two numbers for each weight. */
  directionality: [],
} as const satisfies Record<StatisticName, readonly StatisticColumn[]>;

/** Columns of some statistics, each once; `meanAbs` is always the first, since every gradient row has it. */
export function statisticColumns(names: readonly StatisticName[]): StatisticColumn[] {
  return [...new Set(["meanAbs" as const, ...names.flatMap((name) => [...STATISTICS[name]])])];
}

/** All columns of all weight tensors as one vector on the device, `[tensors × columns]`, columns fastest. */
export function measureStep(columns: readonly StatisticColumn[], step: ObservedStep): Tensor {
  const { raw, clipped, unamplified, weights, updated } = step;
  return tf.tidy(() =>
    tf.stack(
      raw.flatMap((gradient, at) =>
        columns.map((column) =>
          MEASURES[column]({
            gradient,
            clipped: clipped[at]!,
            unamplified: unamplified?.[at] ?? null,
            weights: weights[at]!,
            updated: updated[at]!,
          }),
        ),
      ),
    ),
  );
}

/**
 * The same for gradients alone: nothing is clipped and nothing moves.
 *
 * @param gradients one per weight tensor, in the order of `weights`
 */
export function measureGradients(
  columns: readonly StatisticColumn[],
  gradients: readonly Tensor[],
  weights: readonly Tensor[],
): Tensor {
  return measureStep(columns, { raw: gradients, clipped: gradients, weights, updated: weights });
}
