import { NOTHING_AMPLIFIED } from "../../amplification/amplify";
import type { ResolvedOptions } from "../resolve-options";

/**
 * Said where a run was told what to amplify but nothing is: a ratio of 0 or a factor of 1 everywhere; null where not.
 */
export function idleWarning({ amplify, stages }: Pick<ResolvedOptions, "amplify" | "stages">): string | null {
  const asked = amplify ? [amplify] : stages && (stages.group !== null || stages.intelligent) ? stages.stages : [];
  if (asked.length === 0 || asked.some(({ ampRatio, ampFactor }) => ampRatio > 0 && ampFactor !== 1)) return null;
  return NOTHING_AMPLIFIED;
}
