/**
 * Figures and tables, in notebooks and in files; dashboards of runs that go on; notebooks run without a browser.
 *
 * @module pictures
 */
export { Figure, figure, show, Table, table } from "../display";
export { executeNotebook, notebookHtml } from "../execute";
export { exportStatic, htmlPage } from "../export";
export { watch, type WatchOptions } from "../live";
