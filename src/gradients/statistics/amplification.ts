import { meanAbs, norm } from "./norm";
import { ofEachWeight } from "./of-each-weight";

/**
 * Mean |gradient| without amplification (`rawMeanAbs`) and after clipping (`clippedMeanAbs`), beside the amplified one
 * (`meanAbs`), and ‖amplified‖₂ / ‖gradient without amplification‖₂ (`ampGain`; NaN where both are 0). Where layers are amplified, a measured step is done twice: it takes about twice as long.
 */
export const amplification = ofEachWeight(
  "amplification",
  {
    rawMeanAbs: ({ unamplified, gradient }) => meanAbs(unamplified ?? gradient),
    clippedMeanAbs: ({ clipped }) => meanAbs(clipped),
    ampGain: ({ unamplified, gradient }) => norm(gradient).div(norm(unamplified ?? gradient)),
  },
  { wants: "unamplified" },
);
