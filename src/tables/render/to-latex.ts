import { RENDER_KINDS } from "./grid";
import { anyText, checkOptions, checkTable, orNull, yesNo } from "../../options";
import type { ColumnTable } from "arquero";

import { escapeLatex } from "./escape-latex";
import { grid, type GridCell, type RenderOptions } from "./grid";

/** Options of `ga.table.toLatex`. */
export interface LatexOptions extends RenderOptions {
  /** With a caption the tabular stands in a `table` float. Plain text, escaped. Default: null, no float. */
  caption?: string | null;
  /** The float's label, taken as it is: `tab:results`. Default: "tab:" and the words of the caption; null for none. */
  label?: string | null;
  /**
   * Whether numbers are set by the package siunitx (`\\usepackage{siunitx}`), which aligns them at their decimal points.
   * Default: false.
   */
  siunitx?: boolean;
}

/**
 * A table in LaTeX with booktabs' rules (`\usepackage{booktabs}`), the best in bold. All rows are written unless
 * `limit` says otherwise, and all columns that hold anything unless `columns` does.
 *
 * @param table The table to write.
 * @param options Any of `LatexOptions`; none is needed.
 * @throws {TypeError} for a label without a caption, to which a reference could not point
 * @example
 * import * as ga from "gradamp";
 * import { table } from "arquero";
 *
 * const results = table({ model: ["VGG08", "VGG38"], testAccuracy: [0.4684, 0.01] });
 * console.log(ga.table.toLatex(results, { caption: "Accuracy on CIFAR-100", label: "tab:accuracy" }));
 */
export function toLatex(table: ColumnTable, options: LatexOptions = {}): string {
  checkOptions("table.toLatex", options, {
    ...RENDER_KINDS,
    caption: orNull(anyText),
    label: orNull(anyText),
    siunitx: yesNo,
  });
  checkTable(table);
  const { caption = null, siunitx = false } = options;
  const label = options.label === undefined ? labelOf(caption) : options.label;
  if (label !== null && caption === null) {
    throw new TypeError(`Expected a caption beside the label ${label}: a tabular without a float has no number`);
  }
  const { columns, rows, head, hidden } = grid(
    table,
    { ...options, columns: options.columns ?? filledColumns(table) },
    null,
  );
  // siunitx reads numbers; what else stands in a column of them goes in braces.
  const bySiunitx = columns.map(
    ({ align }, at) => siunitx && align === "right" && rows.some((row) => isNumber(row[at]?.text ?? "")),
  );
  const write = ({ text, best }: GridCell, at: number) => {
    if (bySiunitx[at] === true)
      return isNumber(text)
        ? `${best ? "\\bfseries " : ""}${text.replace("−", "-").replace(/,/g, "")}`
        : `{${latexNumbers(text)}}`;
    return best ? `\\textbf{${latexNumbers(text)}}` : latexNumbers(text);
  };
  const line = (cells: readonly string[]) => `  ${cells.join(" & ")} \\\\`;
  const print = (row: readonly GridCell[]) => line(row.map(write));
  const tabular = [
    `\\begin{tabular}{${columns.map(({ align }, at) => (bySiunitx[at] ? siunitxColumn(rows.map((row) => row[at]?.text ?? "")) : align.charAt(0))).join("")}}`,
    "  \\toprule",
    line(columns.map(({ label: heading }, at) => (bySiunitx[at] ? `{${escapeLatex(heading)}}` : escapeLatex(heading)))),
    "  \\midrule",
    ...rows.slice(0, head).map(print),
    ...(hidden > 0 ? [line(columns.map((_, at) => (bySiunitx[at] ? "{$\\vdots$}" : "$\\vdots$")))] : []),
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

const isNumber = (text: string) => /^[+−-]?[\d,]*\.?\d+(?:e[+-]?\d+)?$/.test(text);

/** Digits before and after the point, and of the power: what siunitx makes room for. */
function siunitxColumn(texts: readonly string[]): string {
  const parts = texts.filter(isNumber).map((text) => /^([+−-]?)([\d,]*)\.?(\d*)(?:e([+-]?\d+))?$/.exec(text));
  const most = (group: number) => Math.max(0, ...parts.map((part) => (part?.[group] ?? "").replace(/,/g, "").length));
  const sign = parts.some((part) => part?.[1] !== "") ? "+" : "";
  const power = most(4) > 0 ? `e${most(4)}` : "";
  return `S[table-format=${sign}${Math.max(1, most(2))}.${most(3)}${power}]`;
}

/** Escaped text in which numbers have true minus signs and powers of ten. */
function latexNumbers(text: string): string {
  const power = /^([+−-]?)([\d.]+)e([+-]?\d+)$/.exec(text);
  if (!power) return escapeLatex(text.replace(/^-(?=[\d.])/, "−"));
  const [, sign = "", digits = "", exponent = ""] = power;
  const minus = sign.replace("−", "-");
  return `$${minus}${digits === "1" ? "" : `${digits} \\times `}10^{${exponent.replace("+", "")}}$`;
}

/** "tab:accuracy-on-cifar-100" */
function labelOf(caption: string | null): string | null {
  const words = caption?.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.length > 0 ? `tab:${words.slice(0, 6).join("-")}` : null;
}

/** Columns that hold something; a paper has no room for the others. */
function filledColumns(table: ColumnTable): string[] {
  const data = table.data();
  const filled = table.columnNames().filter((name) => {
    let found = false;
    table.scan((row = 0) => {
      const value: unknown = data[name]?.at(row);
      found ||= value !== null && value !== undefined && value !== "";
    });
    return found;
  });
  return filled.length > 0 ? filled : table.columnNames();
}
