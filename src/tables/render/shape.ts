import type { Grid } from "./grid";

const count = (n: number, one: string) => `${n.toLocaleString("en-US")} ${one}${n === 1 ? "" : "s"}`;

/** "1,000 rows × 8 columns", and what of it is shown. */
export function shape({ totalRows, totalColumns, hidden, head, rows, columns }: Grid): string {
  const parts = [`${count(totalRows, "row")} × ${count(totalColumns, "column")}`];
  if (hidden > 0) parts.push(`the first ${head} and the last ${rows.length - head} shown`);
  else if (columns.length === 0) parts.push("no columns");
  return parts.join(", ");
}
