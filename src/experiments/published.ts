import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type ColumnTable, fromCSV, table } from "arquero";

/**
 * The papers by their short names: vanishing gradients, gradient amplification (2020), intelligent amplification
 * (2023).
 */
export const papers = ["vgp", "ga", "iga"] as const;

/** Short name of a paper. */
export type Paper = (typeof papers)[number];

const folder = join(__dirname, "..", "..", "..", "data", "published");
const words = ["paper", "source", "dataset", "model", "method", "group", "params", "reselect", "statistic", "quantity"] as const; // prettier-ignore
const scales: Record<string, number> = { percent: 0.01, fraction: 1, nats: 1, min: 1, parameters: 1 };

/**
 * The table behind `ga.published`, without the methods that show it.
 *
 * @throws {RangeError} for another name
 */
export function published(paper: Paper): ColumnTable {
  if (!papers.includes(paper)) {
    throw new RangeError(`Expected paper to be one of ${papers.join(", ")} but found ${String(paper)}`);
  }
  const raw = fromCSV(readFileSync(join(folder, `${paper}.csv`), "utf8"), { autoType: false });
  const column = (name: string) => raw.array(name) as (string | null)[];
  const text = (name: string) => column(name).map((value) => value || null);
  const units = column("unit");
  const numbers = (name: string, of: (printed: string, scale: number) => number) =>
    column(name).map((printed, i) => (printed ? of(printed, scales[units[i] ?? ""] ?? NaN) : null));
  return table({
    ...Object.fromEntries(words.map((name) => [name, text(name)])),
    ampFactor: text("ampFactor").map((factor) => (factor === null ? null : Number(factor))),
    learningRate: text("learningRate").map((rate) => (rate === null ? null : Number(rate))),
    value: numbers("printed", (printed, scale) => decimal(plain(printed), scale)),
    spread: numbers("spread", (printed, scale) => decimal(printed, scale)),
    resolution: numbers("printed", (printed, scale) => resolution(plain(printed), scale)),
    printed: column("printed"),
    unit: units,
  });
}

/** "60 K" is 60,000, known to the thousand: 60e3. */
const plain = (printed: string) => printed.replace(/ K$/, "e3");

/** 59 per cent is 0.59 and not 0.5900000000000001. */
const decimal = (printed: string, scale: number) => Number((Number(printed) * scale).toPrecision(12));

function resolution(printed: string, scale: number): number {
  const [digits = "", exponent = "0"] = printed.split("e");
  const decimals = digits.split(".")[1]?.length ?? 0;
  return decimal(`5e${Number(exponent) - decimals - 1}`, scale);
}
