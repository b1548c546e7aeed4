import { batchNormKernels } from "./batch-norm-kernels";
import { channelsFirst } from "./channels-first";
import { concatScalars } from "./concat-scalars";
import { correctedGradients } from "./corrected-gradients";
import { deviceRandom } from "./device-random";
import { expKeepsInput } from "./exp-keeps-input";
import { explicitPadding } from "./explicit-padding";
import { fusedBatchNormalization } from "./fused-batch-normalization";
import { missingGradients } from "./missing-gradients";
import { missingKernels } from "./missing-kernels";
import { nativeGradients } from "./native-gradients";
import { nodeUtil } from "./node-util";
import { optionalInputs } from "./optional-inputs";
import { ownConvolutions } from "./convolutions/own-convolutions";
import type { Patch } from "./patch";
import { roundWholeNumbers } from "./round-whole-numbers";
import { savedOutputs } from "./saved-outputs";
import { scatterRows } from "./scatter-rows";
import { secondGradients } from "./second-gradients";
import { seededMultinomial } from "./random/seeded-multinomial";
import { seedZero } from "./random/seed-zero";
import { soundConvolutions } from "./convolutions/sound-convolutions";
import { soundPrelu } from "./sound-prelu";
import { torchBatchNormalization } from "./torch-batch-normalization";
import { traceableGather } from "./traceable-gather";
import { tracedSoftmax } from "./traced-softmax";
import { widerTypes } from "./wider-types";

/** Everything that gradamp changes of tfjs while it is there. */
export const patches: readonly Patch[] = [
  nodeUtil,
  optionalInputs,
  savedOutputs,
  roundWholeNumbers,
  expKeepsInput,
  widerTypes,
  concatScalars,
  scatterRows,
  seededMultinomial,
  channelsFirst,
  missingKernels,
  correctedGradients,
  missingGradients,
  secondGradients,
  nativeGradients,
  traceableGather,
  soundConvolutions,
  soundPrelu,
  tracedSoftmax,
  ownConvolutions,
  // Before what it hands "valid" convolutions to.
  explicitPadding,
  batchNormKernels,
  fusedBatchNormalization,
  torchBatchNormalization,
  seedZero,
  deviceRandom,
];

/**
 * Makes every change of {@link patches} to tfjs that is not made yet; called where tfjs is loaded.
 *
 * Kernels, gradients and classes outlive `tf.engine().reset()`, `tf.setBackend` and `tf.removeBackend`, so it is needed again
 * only after something else has registered one of the kernels or gradients anew.
 */
export function install(): void {
  for (const patch of patches) patch.install();
}
