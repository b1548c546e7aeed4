import { readFileSync } from "node:fs";
import { NETWORKS, type NetworkName } from "../measure/networks";
import type { CostRow, Row } from "../measure/row";

/** What one part found. */
export interface GpuPartReport {
  readonly name: string;
  readonly outcome: "done" | "failed" | "out of time" | "no time left";
  readonly seconds: number;
  /** Per cent of the time that the card computed; null where nobody says. */
  readonly busy: number | null;
  readonly rows: readonly Row[];
  readonly costs: readonly CostRow[];
  /** The last line that it printed, and where it failed its last words on standard error. */
  readonly said: string;
}

/** What a part's program wrote so far; nothing where it wrote nothing. */
export function readRows(file: string | null): Pick<GpuPartReport, "rows" | "costs"> {
  if (file === null) return { rows: [], costs: [] };
  try {
    const { rows = [], costs = [] } = JSON.parse(readFileSync(file, "utf8")) as { rows?: Row[]; costs?: CostRow[] };
    return { rows, costs };
  } catch {
    return { rows: [], costs: [] };
  }
}

/** CIFAR-10's images of training, the papers' tenth for validation left out. */
const IMAGES = 45_000;
const EPOCHS = 150;

/** The results as Markdown: a row for each engine, and what the papers' trials would take. */
export function gpuTable(parts: readonly GpuPartReport[]): string {
  const lines = ["| part | outcome | seconds | GPU busy | said |", "| --- | --- | --- | --- | --- |"];
  for (const { name, outcome, seconds, busy, said } of parts)
    lines.push(
      `| ${name} | ${outcome} | ${seconds.toFixed(0)} | ${busy === null ? "–" : `${busy} %`} | ${cell(said)} |`,
    );
  const rows = parts.flatMap((part) => part.rows);
  if (rows.length > 0) {
    lines.push(
      "",
      "| network | engine | precision | batch | ms a step | spread | CIFAR-10 epochs a minute | 150 epochs |",
    );
    lines.push("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (const { network, engine, precision, batch, msPerStep, spread } of rows) {
      const epoch = (msPerStep * Math.ceil(IMAGES / NETWORKS[network as NetworkName].batch)) / 60_000;
      const trial = `${(epoch * EPOCHS).toFixed(1)} min`;
      lines.push(`| ${[network, engine, precision, batch, msPerStep.toFixed(2), spread.toFixed(2), (1 / epoch).toFixed(1), trial].join(" | ")} |`); // prettier-ignore
    }
  }
  const costs = parts.flatMap((part) => part.costs);
  if (costs.length > 0) {
    lines.push("", "| network | feature | speed beside without |", "| --- | --- | --- |");
    for (const { network, feature, ratio } of costs) lines.push(`| ${network} | ${feature} | ${ratio.toFixed(3)} |`);
  }
  return `${lines.join("\n")}\n`;
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
