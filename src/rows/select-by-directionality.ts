import { anyNumber, checkArgument, checkRows, oneOf } from "../options";
import { normaliseRatios } from "./normalise-ratios";

/** A layer's ratio, and what became of it. */
export interface DirectionalitySelection {
  /** The layer's name. */
  readonly layer: string;
  /** G or G′, from 0 to 1; NaN where a gradient was not finite. */
  readonly ratio: number;
  /** (ratio − mean) / deviation over the layers considered. */
  readonly normalized: number;
  /** Whether it is amplified. */
  readonly selected: boolean;
}

/**
 * Layers whose normalised ratio crosses the threshold: Ĝ > threshold (`sides: "one"`, case 1) or |Ĝ| > threshold
 * (`sides: "both"`, case 2).
 *
 * Where all ratios are equal (also where there is one layer) none is selected. A ratio that is not finite takes no part
 * in mean and deviation and is not selected.
 *
 * Source: Basodi et al. 2023, eq. 6–9 and Algorithm 1.
 *
 * @param ratios a directionality ratio for each layer
 * @param rule threshold and side
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * const ratios = [0.1, 0.1, 0.1, 0.6].map((ratio, index) => ({ layer: `conv_${index}`, ratio }));
 * console.log(ga.selectByDirectionality(ratios, { sides: "one", threshold: 1.5 })[3]); // normalized 1.73, selected
 */
export function selectByDirectionality(
  ratios: readonly { readonly layer: string; readonly ratio: number }[],
  rule: { readonly sides: "one" | "both"; readonly threshold: number },
): DirectionalitySelection[] {
  checkRows(ratios, "a list of layers and their ratios, { layer, ratio },");
  checkArgument(rule, "a rule, { sides, threshold },", "sides");
  oneOf("one", "both").read(rule.sides, "sides");
  anyNumber.read(rule.threshold, "threshold");
  const normalized = normaliseRatios(ratios.map(({ ratio }) => ratio));
  return ratios.map(({ layer, ratio }, index) => {
    const value = normalized[index]!;
    return {
      layer,
      ratio,
      normalized: value,
      selected: (rule.sides === "both" ? Math.abs(value) : value) > rule.threshold,
    };
  });
}
