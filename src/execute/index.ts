/** Notebooks run from beginning to end without a browser. */
export { executeNotebook, type ExecuteNotebookOptions, NotebookError } from "./execute-notebook";
export type { Notebook } from "./notebook-format";
export { notebookHtml } from "./notebook-html";
