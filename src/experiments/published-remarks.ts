import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type ColumnTable, fromCSV } from "arquero";

/** The table behind `ga.publishedRemarks`, without the methods that show it. */
export function publishedRemarks(): ColumnTable {
  const file = join(__dirname, "..", "..", "..", "data", "published", "remarks.csv");
  return fromCSV(readFileSync(file, "utf8"), { autoType: false });
}
