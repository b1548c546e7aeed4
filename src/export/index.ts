/** Figures and pages as files that need neither a notebook nor a network. */
export { htmlPage, type HtmlPageOptions, type PagePart } from "./html/html-page";
export { canExport, closeExporter, exportStatic, type StaticExportOptions } from "./static-export";
