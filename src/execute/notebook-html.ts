import { checkArgument, checkText } from "../options";
import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { escapeHtml } from "../export/html/html-text";
import { pageFrame } from "../export/html/html-page";
import { markdownHtml } from "../export/html/markdown-html";
import { joinText, type CellOutput, type MultilineText, type Notebook } from "./notebook-format";

const text = (value: unknown): string => joinText(value as MultilineText);

function outputHtml(output: CellOutput): string {
  if (output.output_type === "stream")
    return `<pre class="output ${output.name}">${escapeHtml(stripVTControlCharacters(joinText(output.text)))}</pre>`;
  if (output.output_type === "error")
    return `<pre class="output stderr">${escapeHtml(stripVTControlCharacters([`${output.ename}: ${output.evalue}`, ...output.traceback].join("\n")))}</pre>`;
  const { data } = output;
  const html = data["text/html"] ?? data["image/svg+xml"];
  if (html !== undefined) return `<div class="output">${text(html)}</div>`;
  const image = ["image/png", "image/jpeg"].find((type) => type in data);
  if (image)
    return `<div class="output"><img alt="" src="data:${image};base64,${text(data[image]).replace(/\s/g, "")}"></div>`;
  if ("text/markdown" in data) return `<div class="output">${markdownHtml(text(data["text/markdown"]))}</div>`;
  return `<pre class="output">${escapeHtml(text(data["text/plain"] ?? ""))}</pre>`;
}

/**
 * A page of a notebook with its outputs, which opens offline with its figures alive.
 *
 * @param notebook as `executeNotebook` returns it, or as read from a file
 * @param name the notebook's file, for the title
 * @returns the page, as one HTML document
 *
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import { readFileSync } from "node:fs";
 * import { createRequire } from "node:module";
 * import * as ga from "gradamp";
 * const path = createRequire(import.meta.url).resolve("gradamp/package.json").replace("package.json", "notebooks/quickstart.ipynb");
 * console.log(ga.notebookHtml(JSON.parse(readFileSync(path, "utf8")), "quickstart.ipynb").length);
 */
export function notebookHtml(notebook: Notebook, name: string): string {
  checkArgument(notebook, "a notebook, as of ga.executeNotebook,", "cells");
  checkText(name, "the notebook's name");
  const body = notebook.cells.map((cell) => {
    if (cell.cell_type === "markdown") return markdownHtml(joinText(cell.source));
    if (cell.cell_type === "raw") return `<pre>${escapeHtml(joinText(cell.source))}</pre>`;
    return [
      `<pre class="source"><code>${escapeHtml(joinText(cell.source))}</code></pre>`,
      ...(cell.outputs ?? []).map(outputHtml),
    ].join("\n");
  });
  return pageFrame(basename(name, ".ipynb"), body.join("\n"));
}
