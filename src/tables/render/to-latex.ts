import type { ColumnTable } from "arquero";

import { escapeLatex } from "./escape-latex";
import { grid, type GridCell, type RenderOptions } from "./grid";

export interface LatexOptions extends RenderOptions {
  /** With a caption the tabular stands in a `table` float. Plain text, escaped. Default: null, no float. */
  caption?: string | null;
  /** The float's label, taken as it is: `tab:results`. Default: null, none. */
  label?: string | null;
}

/**
 * A table in LaTeX with booktabs' rules (`\usepackage{booktabs}`), the best in bold. All rows are written unless
 * `limit` says otherwise.
 *
 * @throws {TypeError} for a label without a caption, to which a reference could not point
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const results = table({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] });
 * console.log(ga.table.toLatex(results, { caption: "Accuracy on CIFAR-100", label: "tab:accuracy" }));
 */
export function toLatex(table: ColumnTable, options: LatexOptions = {}): string {
  const { caption = null, label = null } = options;
  if (label !== null && caption === null) {
    throw new TypeError(`Expected a caption beside the label ${label}: a tabular without a float has no number`);
  }
  const { columns, rows, head, hidden } = grid(table, options, null);
  const line = (cells: readonly string[]) => `  ${cells.join(" & ")} \\\\`;
  const print = (row: readonly GridCell[]) =>
    line(row.map(({ text, best }) => (best ? `\\textbf{${escapeLatex(text)}}` : escapeLatex(text))));
  const tabular = [
    `\\begin{tabular}{${columns.map(({ align }) => align.charAt(0)).join("")}}`,
    "  \\toprule",
    line(columns.map(({ label: heading }) => escapeLatex(heading))),
    "  \\midrule",
    ...rows.slice(0, head).map(print),
    ...(hidden > 0 ? [line(columns.map(() => "$\\vdots$"))] : []),
    ...rows.slice(head).map(print),
    "  \\bottomrule",
    "\\end{tabular}",
  ];
  if (caption === null) return [...tabular, ""].join("\n");
  return [
    "\\begin{table}[htbp]",
    "\\centering",
    `\\caption{${escapeLatex(caption)}}`,
    ...(label === null ? [] : [`\\label{${label}}`]),
    ...tabular,
    "\\end{table}",
    "",
  ].join("\n");
}
