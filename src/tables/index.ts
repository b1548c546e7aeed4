/** Rows in, tables out: what the papers print, as arquero tables, and ways to render any arquero table. */
export { checkPapers } from "./papers/check-papers";
export { contradictionsPage } from "./papers/contradictions-page";
export type { PaperCheck, PublishedRow } from "./papers/published-row";
export { quantityOf, type Quantity } from "./quantity";
export type { Direction } from "./render/best-rows";
export type { RenderOptions } from "./render/grid";
export { toCsv, type CsvOptions } from "./render/to-csv";
export { toHtml, type HtmlOptions } from "./render/to-html";
export { toLatex, type LatexOptions } from "./render/to-latex";
export { toMarkdown } from "./render/to-markdown";
export { toText, type TextOptions } from "./render/to-text";
export type { Value } from "./value";
export { results, type MeasuredColumn, type ResultsOptions } from "./verbs/results";
