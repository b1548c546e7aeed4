import { checkOptions, show } from "../options";
import { extname } from "node:path";

import { ColumnTable } from "arquero";

import { HTML_KINDS } from "../tables/render/to-html";
import { type HtmlOptions, toCsv, toDanfo, toHtml, toLatex, toMarkdown, toText } from "../tables";
import { displayBundle } from "../cell/display-bundle";
import { tableBundle } from "./values/table-bundle";
import { pageFrame } from "../export/html/html-page";
import type { MimeBundle } from "../cell/running-cell";
import { writeFileAtomically } from "../files/write-file-atomically";

/**
 * An arquero table that can show itself in a notebook, save itself, and hand itself to danfo.
 *
 * It is an arquero table in all else: every verb works, and what a verb returns can show itself again.
 *
 * @example
 * import * as ga from "gradamp";
 * import { tmpdir } from "node:os";
 *
 * const best = ga.published("iga").filter((d: { quantity: string }) => d.quantity === "testAccuracy");
 * await best.save(`${tmpdir()}/accuracy.csv`);
 * console.log(best.toDanfo().shape);
 */
export class Table extends ColumnTable {
  /**
   * @param given What arquero's own constructor takes: columns by name first.
   * @throws {TypeError} if the columns are no object
   */
  constructor(...given: ConstructorParameters<typeof ColumnTable>) {
    const [columns] = given as readonly unknown[];
    if (typeof columns !== "object" || columns === null || Array.isArray(columns) || columns instanceof Promise)
      throw new TypeError(`Expected columns by name but found ${show(columns)}: ga.Table.of(table) takes a table`);
    super(...given);
  }

  /** The same table, able to show itself; nothing is copied. */
  static of(table: ColumnTable): Table {
    if (table instanceof Table) return table;
    const ordered = table.comparator() as ReturnType<ColumnTable["comparator"]> | null;
    // arquero's types do not say that these may be null, which its constructor takes for "none".
    return new Table(table.data(), [...table.columnNames()], table.mask(), table.groups(), ordered as never);
  }

  /** Shows the table as output of the running cell; outside a kernel, prints it. */
  override show(options: HtmlOptions = {}): void {
    checkOptions("show", options, HTML_KINDS);
    displayBundle(tableBundle(this, options));
  }

  /** What a notebook shows of the table when it is the last value of a cell. */
  [Symbol.for("Jupyter.display")](options: HtmlOptions = {}): MimeBundle {
    return tableBundle(this, options);
  }

  /**
   * Saves the table; the ending of the name says how: .html, .md, .tex (booktabs), .csv (names and full precision) or .txt.
   * All rows are written.
   *
   * @param path Folders that are missing are made.
   * @throws {RangeError} for another ending
   */
  async save(path: string, options: HtmlOptions = {}): Promise<void> {
    checkOptions("save", options, HTML_KINDS);
    const all = { limit: null, ...options };
    const { caption: _, ...plain } = all;
    const ways: Record<string, () => string> = {
      ".html": () => pageFrame(options.caption ?? "Table", toHtml(this, all)),
      ".md": () => toMarkdown(this, plain),
      ".tex": () => toLatex(this, all),
      ".csv": () => toCsv(this, options.columns ? { columns: options.columns } : {}),
      ".txt": () => toText(this, plain),
    };
    const write = ways[extname(path).toLowerCase()];
    if (!write) throw new RangeError(`Expected a name ending in ${Object.keys(ways).join(", ")} but found ${path}`);
    writeFileAtomically(path, write());
  }

  /** The table as a danfo DataFrame; see `ga.table.toDanfo`. */
  toDanfo(): ReturnType<typeof toDanfo> {
    return toDanfo(this);
  }
}
