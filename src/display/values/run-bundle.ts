import { from } from "arquero";
import type { EpochRow } from "../../rows";
import type { HtmlOptions } from "../../tables";
import type { Run } from "../../training";
import type { MimeBundle } from "../../cell/running-cell";
import { tableBundle } from "./table-bundle";

/** A run for a notebook: where it stands, and its epochs, but for the columns in which nothing stands. */
export function runBundle(run: Run, options: HtmlOptions = {}): MimeBundle {
  const { name, status, epochs } = run;
  const title = `${name}: ${status}, ${epochs.length} epoch${epochs.length === 1 ? "" : "s"}`;
  const [first] = epochs;
  if (!first) return { "text/plain": title };
  const says = (row: EpochRow, column: string) =>
    (row[column] ?? null) !== null && !(column === "amplifiedLayers" && row[column] === 0);
  const columns = [...new Set(epochs.flatMap((row) => Object.keys(row)))].filter((column) =>
    epochs.some((row) => says(row, column)),
  );
  const shown: HtmlOptions = {
    caption: title,
    labels: { amplifiedLayers: "Amplified layers" },
    // An epoch is not better for being quick.
    best: { seconds: null },
    ...options,
  };
  const bundle = tableBundle(from([...epochs]).select(columns), shown);
  return { ...bundle, "text/plain": `${title}\n${bundle["text/plain"] as string}` };
}
