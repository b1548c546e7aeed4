import { checkList, checkTable } from "../../options";
import { type ColumnTable, from } from "arquero";

import { checkClaims } from "./check-claims";
import type { PaperCheck, PublishedRow } from "./published-row";
import { recomputeDerived } from "./recompute-derived";

const columns: (keyof PaperCheck)[] = ["paper", "source", "claim", "printed", "recomputed", "agrees"];

/**
 * What the papers derive from their own numbers, recomputed: every improvement, every overhead, and what they claim of
 * them in words. A row with `agrees` false is a contradiction that no rounding explains.
 *
 * @param tables What `ga.published` gives for "vgp", "ga" and "iga".
 * @returns The columns paper, source, claim, printed, recomputed and agrees.
 * @throws {RangeError} if a number that is recomputed from is not among the published
 * @example
 * import * as ga from "gradamp";
 *
 * const checks = ga.table.checkPapers([ga.published("vgp"), ga.published("ga"), ga.published("iga")]);
 * console.log(ga.table.toText(checks.filter((d: { agrees: boolean }) => !d.agrees), { columns: ["claim", "printed", "recomputed"] }));
 */
export function checkPapers(tables: readonly ColumnTable[]): ColumnTable {
  checkList(tables, "a list of tables, as of ga.published,");
  tables.forEach(checkTable);
  const rows = tables.flatMap((table) => table.objects() as PublishedRow[]);
  return from([...recomputeDerived(rows), ...checkClaims(rows)], columns);
}
