import { table } from "arquero";
import { toMarkdown } from "../../src/tables";
import type { EngineName, Precision } from "./engines";
import { type MergedResults, mergeResults } from "./merge-results";
import type { Peak } from "./peak";
import type { WrittenResults } from "./results-json";
import type { Row } from "./row";

const COLUMNS: readonly { engine: EngineName; precision: Precision; label: string }[] = [
  { engine: "graph", precision: "float32", label: "gradamp" },
  { engine: "eager", precision: "float32", label: "eager" },
  { engine: "fit", precision: "float32", label: "tfjs fit" },
  { engine: "torch", precision: "float32", label: "PyTorch" },
  { engine: "torch.compile", precision: "float32", label: "torch.compile" },
  { engine: "keras", precision: "float32", label: "Keras" },
  { engine: "graph", precision: "bfloat16", label: "gradamp bf16" },
  { engine: "torch.autocast", precision: "bfloat16", label: "autocast bf16" },
  { engine: "keras", precision: "bfloat16", label: "Keras bf16" },
];

/** A table whose columns are headed by their own names, which are those of programs. */
const markdown = (columns: Record<string, unknown[]>) =>
  toMarkdown(table(columns), {
    ...{ best: false, limit: null },
    labels: Object.fromEntries(Object.keys(columns).map((name) => [name, name])),
  });
const ms = (value: number) => value.toFixed(value < 100 ? 1 : 0);

/**
 * Results of benchmarks as the Markdown of docs/performance.md: times, comparisons, where the time goes.
 *
 * @param all of one machine, in the order of the tables; each is told beside the peak that was measured with it
 * @throws {RangeError} for results of other processors or versions, which do not belong in one table
 */
export function performanceTables(all: readonly WrittenResults[]): string {
  const merged = mergeResults(all);
  const peaks = all.flatMap(({ peak }) => peak ?? []);
  return [heading(merged, peaks), times(merged), comparisons(merged), whereTheTimeGoes(all)]
    .join("\n\n")
    .replace(/\n{3,}/g, "\n\n");
}

/** The least and the most, or the only one. */
function range(values: readonly number[], digits: number): string {
  const ends = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  return [...new Set(ends)].join(" to ");
}

function heading({ machine, versions }: MergedResults, peaks: readonly Peak[]): string {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const others = machine.othersShare === null ? "" : `, others took ${(100 * machine.othersShare).toFixed(0)} % of it`;
  const of = (name: keyof Peak, digits: number) => range(peaks.map((peak) => peak[name] / 1e9), digits); // prettier-ignore
  const most =
    peaks.length > 0
      ? ` A matrix product of 4096² runs at ${of("float32", 0)} GFLOP/s in float32 and ${of("bfloat16", 0)} in bfloat16; ` +
        `memory is copied at ${of("copy", 1)} GB/s.`
      : "";
  return `${machine.cpu}, ${machine.cores} cores${others}; ${machine.date}; ${used.join(", ")}.${most}`;
}

function times({ rows }: MergedResults): string {
  const networks = [...new Set(rows.map(({ network }) => network))];
  const cell = (engine: EngineName, precision: Precision) => (network: string) => {
    const row = rows.find((each) => each.network === network && each.engine === engine && each.precision === precision);
    return row ? `${ms(row.msPerStep)} ± ${ms(row.spread / 2)}` : "–";
  };
  const measured = COLUMNS.filter(({ engine, precision }) =>
    rows.some((row) => row.engine === engine && row.precision === precision),
  );
  return markdown({
    "ms per step": networks,
    ...Object.fromEntries(
      measured.map(({ engine, precision, label }) => [label, networks.map(cell(engine, precision))]),
    ),
  });
}

function comparisons({ comparisons: all }: MergedResults): string {
  return markdown({
    network: all.map(({ network }) => network),
    gradamp: all.map(({ subject }) => subject),
    against: all.map(({ against }) => against),
    "×": all.map(({ ratio, interval }) => {
      const text = ratio.toFixed(ratio < 1.1 ? 3 : 2);
      return interval ? `${text} (${interval.map((end) => end.toFixed(3)).join(" – ")})` : text;
    }),
    target: all.map(({ target }) =>
      target === null ? "" : "atLeast" in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`,
    ),
    met: all.map(({ met }) => (met === null ? "" : met ? "yes" : "no")),
  });
}

/** A step beside its matrix products alone, and both beside the machine's peak. */
function whereTheTimeGoes(all: readonly WrittenResults[]): string {
  const lines = all.flatMap(({ rows, products, flops, peak }) =>
    products.flatMap((product) => {
      const ours = (["graph", "eager"] as const)
        .map((engine) => rows.find((row) => sameCase(row, product) && row.engine === engine))
        .find((row) => row !== undefined);
      const work = flops[product.network];
      return ours && work !== undefined ? [{ product, ours, work, peak }] : [];
    }),
  );
  const speed = (work: number, row: Row, peak: Peak | null) => {
    const value = work / (row.msPerStep / 1000);
    const { precision } = row;
    // Nobody has measured the peak of a GPU.
    const share = peak && precision !== "tf32" ? ` (${((100 * value) / peak[precision]).toFixed(0)} %)` : "";
    return `${(value / 1e9).toFixed(0)}${share}`;
  };
  return markdown({
    network: lines.map(({ product }) => product.network),
    step: lines.map(({ ours }) => `${ours.engine} ${ours.precision}`),
    GFLOP: lines.map(({ work }) => (work / 1e9).toFixed(1)),
    "step, ms": lines.map(({ ours }) => ms(ours.msPerStep)),
    "products alone, ms": lines.map(({ product }) => ms(product.msPerStep)),
    "the rest": lines.map(({ ours, product }) => rest(ours.msPerStep, product.msPerStep)),
    "step, GFLOP/s (of peak)": lines.map(({ ours, work, peak }) => speed(work, ours, peak)),
    "products, GFLOP/s (of peak)": lines.map(({ product, work, peak }) => speed(work, product, peak)),
  });
}

/** What a step takes beside its products; nothing where it does without them. */
function rest(step: number, products: number): string {
  return products > step ? "–" : `${(100 * (1 - products / step)).toFixed(0)} %`;
}

function sameCase(a: Row, b: Row): boolean {
  return a.network === b.network && a.precision === b.precision;
}
