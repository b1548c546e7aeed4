import { table } from "arquero";
import { toMarkdown } from "../../src/tables";
import type { EngineName, Precision } from "./engines";
import type { Results } from "./results-json";
import type { Row } from "./row";

/** What `resultsJson` wrote. */
export type WrittenResults = Results & { readonly products: readonly Row[] };

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

const markdown = (columns: Record<string, unknown[]>) => toMarkdown(table(columns), { best: false, limit: null });
const ms = (value: number) => value.toFixed(value < 100 ? 1 : 0);

/** A benchmark's results as the Markdown of docs/performance.md: times, comparisons, where the time goes. */
export function performanceTables(results: WrittenResults): string {
  return [heading(results), times(results), comparisons(results), whereTheTimeGoes(results)]
    .join("\n\n")
    .replace(/\n{3,}/g, "\n\n");
}

function heading({ machine, versions, peak }: WrittenResults): string {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const others = machine.othersShare === null ? "" : `, others took ${(100 * machine.othersShare).toFixed(0)} % of it`;
  const most = peak
    ? ` A matrix product of 4096² runs at ${(peak.float32 / 1e9).toFixed(0)} GFLOP/s in float32 and ` +
      `${(peak.bfloat16 / 1e9).toFixed(0)} in bfloat16; memory is copied at ${(peak.copy / 1e9).toFixed(1)} GB/s.`
    : "";
  return `${machine.cpu}, ${machine.cores} cores${others}; ${machine.date}; ${used.join(", ")}.${most}`;
}

function times({ rows }: WrittenResults): string {
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

function comparisons({ comparisons: all }: WrittenResults): string {
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
function whereTheTimeGoes({ rows, products, flops, peak }: WrittenResults): string {
  const lines = products.flatMap((product) => {
    const ours = (["graph", "eager"] as const)
      .map((engine) => rows.find((row) => sameCase(row, product) && row.engine === engine))
      .find((row) => row !== undefined);
    const work = flops[product.network];
    return ours && work !== undefined ? [{ product, ours, work }] : [];
  });
  const speed = (work: number, row: Row) => {
    const value = work / (row.msPerStep / 1000);
    const share = peak ? ` (${((100 * value) / peak[row.precision]).toFixed(0)} %)` : "";
    return `${(value / 1e9).toFixed(0)}${share}`;
  };
  return markdown({
    network: lines.map(({ product }) => product.network),
    step: lines.map(({ ours }) => `${ours.engine} ${ours.precision}`),
    GFLOP: lines.map(({ work }) => (work / 1e9).toFixed(1)),
    "step, ms": lines.map(({ ours }) => ms(ours.msPerStep)),
    "products alone, ms": lines.map(({ product }) => ms(product.msPerStep)),
    "the rest": lines.map(({ ours, product }) => rest(ours.msPerStep, product.msPerStep)),
    "step, GFLOP/s (of peak)": lines.map(({ ours, work }) => speed(work, ours)),
    "products, GFLOP/s (of peak)": lines.map(({ product, work }) => speed(work, product)),
  });
}

/** What a step takes beside its products; nothing where it does without them. */
function rest(step: number, products: number): string {
  return products > step ? "–" : `${(100 * (1 - products / step)).toFixed(0)} %`;
}

function sameCase(a: Row, b: Row): boolean {
  return a.network === b.network && a.precision === b.precision;
}
