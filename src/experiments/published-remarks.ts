import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type ColumnTable, fromCSV } from "arquero";

/**
 * Where the papers leave something open or contradict themselves in words: what is said where (`paper`, `source`, `says`),
 * what speaks against it (`but`), and how gradamp reads it (`here`). Contradictions between numbers are computed:
 * `ga.table.checkPapers`.
 *
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.publishedRemarks().numRows());
 */
export function publishedRemarks(): ColumnTable {
  const file = join(__dirname, "..", "..", "..", "data", "published", "remarks.csv");
  return fromCSV(readFileSync(file, "utf8"), { autoType: false });
}
