import type { ColumnTable } from "arquero";

import { toText } from "../../tables/render/to-text";

const percent = (value: unknown) => (typeof value === "number" ? `${(100 * value).toFixed(1)} %` : "–");

/** How the columns of `ga.reproductionPower` are headed and printed. */
export const POWER_COLUMNS = {
  labels: {
    deviation: "Runs scatter by",
    effect: "Effect",
    questions: "Questions",
    falseTables: "Tables with a false verdict",
    reproduced: "Reproduced",
    refuted: "Refuted",
    inconclusive: "Inconclusive",
  },
  format: {
    deviation: (value: unknown) => `${(100 * Number(value)).toFixed(1)} points`,
    questions: (value: unknown) => Number(value).toFixed(0),
    falseTables: percent,
    reproduced: percent,
    refuted: percent,
    inconclusive: percent,
  },
  best: false,
  limit: null,
} as const;

/** The power of a reproduction, for a terminal. */
export function powerText(power: ColumnTable): string {
  return `${toText(power, POWER_COLUMNS)}
Made-up results went through the whole procedure: trials, choice, fresh seeds, cells and claims. Where no method has an
effect, a table with any gain or order "reproduced" is false; where each has the published one, a table with any "refuted".
"Reproduced" beside "published" is the power. More fresh seeds show more: --seeds.
`;
}
