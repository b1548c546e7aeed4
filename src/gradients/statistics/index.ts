import type { StatisticName } from "../../spec";
import { amplification } from "./amplification";
import { directionality } from "./directionality";
import { gradientFlow } from "./gradient-flow";
import { health } from "./health";
import { histogram } from "./histogram";
import { noise } from "./noise";
import { norms } from "./norms";
import { outputs } from "./outputs";
import { quantiles } from "./quantiles";
import { rank } from "./rank";
import type { Statistic } from "./statistic";
import { updates } from "./updates";
import { weights } from "./weights";

/**
 * The statistics that can be asked for, by name.
 *
 * `gradientFlow`: mean |gradient| (`meanAbs`); `norms`: ‖gradient‖₂ and max |gradient| (`l2`, `maxAbs`); `health`: the share
 * of exact zeros and the number of non-finite entries (`zeroShare`, `nonFinite`); `weights`: ‖weights‖₂ before the update
 * (`weightL2`); `updates`: ‖update‖₂, and ‖update‖₂ / ‖weights‖₂ (`updateL2`, `updateRatio`); `amplification`: mean |gradient|
 * without amplification and after clipping (`rawMeanAbs`, `clippedMeanAbs`), and what amplification made of its norm (`ampGain`), for which a measured step is done twice where
 * layers are amplified; `quantiles`: of |gradient| (`q05`, `q25`, `q50`, `q75`, `q95`); `rank`: the
 * effective rank of the gradient (`effectiveRank`). These are columns of the gradient
 * rows. In rows of their own: `histogram` of log₂ |gradient|, with the quantiles; `outputs`: mean, deviation and share near
 * zero of each layer's outputs; `directionality`: G and G′ of each layer over every whole epoch; `noise`: the mean cosine between successive gradients and the noise
 * scale of each weight tensor over every whole epoch.
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(Object.keys(ga.STATISTICS), ga.STATISTICS.norms.columns); // [ "l2", "maxAbs" ]
 */
export const STATISTICS = {
  gradientFlow,
  norms,
  health,
  weights,
  updates,
  amplification,
  quantiles,
  histogram,
  outputs,
  directionality,
  rank,
  noise,
} as const satisfies Readonly<Record<StatisticName, Statistic>>;
