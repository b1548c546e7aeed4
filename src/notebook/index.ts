/** Figures in notebooks and in files, and notebooks executed without a browser. */
export { displayBundle, type DisplayOptions } from "./display-bundle";
export { Figure, type ShowOptions } from "./figure";
export { figure, type FigureFunctions } from "./figure-functions";
export { htmlPage, type HtmlPageOptions, type PagePart } from "./html-page";
export type { MimeBundle } from "./kernel-cell";
export { canExport, closeExporter, exportStatic, type StaticExportOptions } from "./static-export";
export { show } from "./show";
export { watch, type Watch, type Watchable, type WatchOptions } from "./live";
export { executeNotebook, type ExecuteNotebookOptions, NotebookError } from "./execute-notebook";
export { notebookHtml } from "./notebook-html";
export type { Notebook } from "./notebook-format";
export { Table } from "./table";
export {
  protocol,
  published,
  publishedRemarks,
  runs,
  sweepResults,
  table,
  type TableFunctions,
} from "./table-functions";
