import { type Numbers, percent } from "./numbers";
import type { PaperCheck } from "./published-row";

/** Claims of "Gradient amplification" (2020) in words, beside what its numbers give. */
export function gaClaims(numbers: Numbers): PaperCheck[] {
  return [...bestOfPhaseOne(numbers), ...phaseOneBounds(numbers)];
}

function bestOfPhaseOne({ one, values }: Numbers): PaperCheck[] {
  return ["VGG-19", "ResNet-18", "ResNet-34"].map((model) => {
    const quantity = "testAccuracyImprovement";
    const stated = one({ paper: "ga", model, statistic: "best", quantity });
    const best = Math.max(...values({ paper: "ga", model, quantity, statistic: "best over ratios" }));
    return {
      paper: "ga",
      source: stated.source,
      claim: `${model}: the best test improvement of table 1 is the best of section 4.2.1`,
      printed: `${stated.printed} %`,
      recomputed: percent(best),
      agrees: Math.abs(best - stated.value) <= 2 * stated.resolution,
    };
  });
}

function phaseOneBounds({ values }: Numbers): PaperCheck[] {
  const claims: [model: string, groups: string[], params: string[], sign: 1 | -1, bound: number, words: string][] = [
    ["VGG-19", ["bn+relu"], [], -1, 0.01, "less than 1% when both layers are used"],
    ["ResNet-18", ["bn", "relu"], ["S2_0.1_xx", "S2_0.3_xx"], 1, 0.013, "more than 1.3% for S2_0.1_xx, S2_0.3_xx"],
    ["ResNet-18", ["bn", "relu"], ["S2_0.5_xx", "S2_0.6_xx"], -1, 0.01, "less than 1% for S2_0.5_xx, S2_0.6_xx"],
    ["ResNet-18", ["one-bn-per-block"], [], 1, 0.013, "more than 1.3% for all params"],
    ["ResNet-34", ["bn"], ["S2_0.1_xx"], 1, 0.01, "more than 1% for S2_0.1_xx"],
    ["ResNet-34", ["one-bn-per-block"], [], 1, 0.012, "more than 1.2% for all params"],
  ];
  return claims.map(([model, groups, params, sign, bound, words]) => {
    const all = ["S2_0.1_xx", "S2_0.3_xx", "S2_0.5_xx", "S2_0.6_xx"];
    const found = groups.flatMap((group) =>
      (params.length > 0 ? params : all).flatMap((param) =>
        values({ paper: "ga", model, group, params: param, quantity: "testAccuracyImprovement" }),
      ),
    );
    const worst = sign > 0 ? Math.min(...found) : Math.max(...found);
    return {
      paper: "ga",
      source: "section 4.2.1 (phase 1)",
      claim: `${model}, ${groups.join(" and ")}: "${words}"`,
      printed: `${sign > 0 ? ">" : "<"} ${(bound * 100).toFixed(1)} %`,
      recomputed: percent(worst),
      agrees: sign * (worst - bound) > 0,
    };
  });
}
