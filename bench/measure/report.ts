import { table } from "arquero";
import { toText } from "../../src/tables";
import type { Results } from "./results-json";
import type { LeftOut } from "./row";

const text = (columns: Record<string, unknown[]>) => toText(table(columns), { best: false, limit: null });
const ms = (value: number) => value.toFixed(value < 100 ? 1 : 0);
const percent = (fraction: number | undefined) => (fraction === undefined ? "" : `${(100 * fraction).toFixed(3)} %`);

/**
 * Everything as text tables: times, comparisons, what features add to a step, the machine's peak, and what was left out
 * and why.
 */
export function report({ machine, rows, comparisons, costs, peak, flops, leftOut }: Results): string {
  const blocks: string[] = [];
  if (rows.length > 0)
    blocks.push(
      text({
        network: rows.map(({ network }) => network),
        engine: rows.map(({ engine, precision }) => (precision === "float32" ? engine : `${engine} ${precision}`)),
        variant: rows.map(({ variant }) => variant ?? ""),
        "ms/step": rows.map(({ msPerStep }) => ms(msPerStep)),
        IQR: rows.map(({ spread }) => ms(spread)),
        repeats: rows.map(({ runs }) => String(runs.length)),
        "GFLOP/s": rows.map(({ network, msPerStep }) => ((flops[network] ?? 0) / msPerStep / 1e6).toFixed(0)),
        "other variants": rows.map(({ others }) =>
          others.map(({ variant, msPerStep }) => `${variant} ${ms(msPerStep)}`).join(", "),
        ),
      }),
    );
  if (comparisons.length > 0)
    blocks.push(
      text({
        network: comparisons.map(({ network }) => network),
        gradamp: comparisons.map(({ subject }) => subject),
        against: comparisons.map(({ against }) => against),
        "×": comparisons.map(({ ratio }) => ratio.toFixed(ratio < 1.1 ? 3 : 2)),
        "95 %": comparisons.map(({ interval }) => interval?.map((end) => end.toFixed(3)).join(" – ") ?? ""),
        target: comparisons.map(({ target }) =>
          target === null ? "" : "atLeast" in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`,
        ),
        met: comparisons.map(({ met }) => (met === null ? "" : met ? "yes" : "no")),
      }),
    );
  if (costs.length > 0)
    blocks.push(
      text({
        network: costs.map(({ network }) => network),
        feature: costs.map(({ feature }) => feature),
        pairs: costs.map(({ pairs }) => String(pairs)),
        "bytes added": costs.map(({ added }) => percent(added?.bytes)),
        "operations added": costs.map(({ added }) => percent(added?.flops)),
      }),
    );
  if (peak)
    blocks.push(
      `Peak: matrix product ${(peak.float32 / 1e9).toFixed(0)} GFLOP/s in float32, ` +
        `${(peak.bfloat16 / 1e9).toFixed(0)} in bfloat16; copy ${(peak.copy / 1e9).toFixed(1)} GB/s`,
    );
  if (leftOut.length > 0) blocks.push(`Left out:\n${leftOutLines(leftOut).join("\n")}`);
  const { othersShare } = machine;
  if (othersShare !== null && othersShare > 0.02)
    blocks.push(`Other programs took ${(100 * othersShare).toFixed(0)} % of the processors' time meanwhile.`);
  return blocks.join("\n\n");
}

/** One line for each reason, with all that it holds for. */
function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { network, what, why, failed } of leftOut) {
    const reason = failed ? `FAILED: ${why}` : why;
    reasons.set(reason, [...(reasons.get(reason) ?? []), `${network} ${what}`]);
  }
  return [...reasons].map(([reason, names]) => `  ${names.join(", ")}: ${reason.replaceAll("\n", "\n    ")}`);
}
