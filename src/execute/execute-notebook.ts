import { above0, aFunction, anyText, byName, checkOptions, checkPath, orNull, text, texts } from "../options";
import { dirname, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { collectOutput, type Displays } from "./collect-output";
import { KernelClient } from "./kernel-client";
import { joinText, parseNotebook, type CellOutput, type Notebook } from "./notebook-format";
import { notebookHtml } from "./notebook-html";
import { readText } from "../files/read-text";
import { writeFileAtomically } from "../files/write-file-atomically";

/** Where an executed notebook goes, and how it is executed. */
export interface ExecuteNotebookOptions {
  /** Where the executed notebook goes. Default: null, nowhere. */
  output?: string | null;
  /** Where a page of the executed notebook goes. Default: null, nowhere. */
  html?: string | null;
  /** The kernel's working folder, from which imports are resolved. Default: the notebook's. */
  folder?: string;
  /** Default: this project's kernel. */
  command?: readonly string[];
  /** Added to the kernel's environment. Default: nothing. */
  environment?: Record<string, string>;
  /** In seconds, for each cell. Default: null, as long as it takes. */
  cellTimeout?: number | null;
  /** Told before each code cell: its place from 1, how many there are, and its first line. */
  onProgress?: (cell: { index: number; count: number; title: string }) => void;
}

/** A cell failed; `notebook` holds what was executed until then, and was written like a successful one. */
export class NotebookError extends Error {
  /** For messages. */
  override readonly name = "NotebookError";
  /**
   * @param message the cell's error
   * @param notebook the notebook as far as it was executed
   */
  constructor(
    message: string,
    readonly notebook: Notebook,
  ) {
    super(message);
  }
}

function whyFailed(outputs: readonly CellOutput[]): string {
  const texts = outputs.flatMap((output) =>
    output.output_type === "error"
      ? [`${output.ename}: ${output.evalue}`]
      : output.output_type === "stream" && output.name === "stderr"
        ? [joinText(output.text)]
        : [],
  );
  const text = stripVTControlCharacters(texts.join("\n")).trim();
  return text === "" ? "the kernel gave no reason" : text.split("\n").slice(0, 12).join("\n");
}

/**
 * Executes a notebook in a TypeScript kernel of its own, without a browser and without Python.
 *
 * Cells run in order; the first that fails ends it with an error, after the notebook and the page have been written
 * with everything until then, so that one can look at them.
 *
 * @param path The .ipynb file; it is not changed unless `output` names it too.
 * @returns The executed notebook.
 * @param options where the executed notebook and its page go, and what is told meanwhile. Default: nothing is written
 * @throws {NotebookError} if a cell fails
 * @throws {TypeError} if the file is no notebook
 * @throws {Error} if the kernel does not start or ends
 *
 * @example
 * import { mkdtempSync, writeFileSync } from "node:fs";
 * import * as ga from "gradamp";
 * const path = `${mkdtempSync("/tmp/notebook-")}/a.ipynb`;
 * const cell = { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: "1 + 1" };
 * writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }));
 * const { cells } = await ga.executeNotebook(path);
 * console.log(cells.length); // 1
 */
export async function executeNotebook(path: string, options: ExecuteNotebookOptions = {}): Promise<Notebook> {
  checkOptions("executeNotebook", options, {
    output: orNull(text),
    html: orNull(text),
    folder: text,
    command: texts,
    environment: byName(anyText, "texts"),
    cellTimeout: orNull(above0),
    onProgress: aFunction,
  });
  checkPath(path, "a notebook's path");
  const notebook = parseNotebook(readText(path), path);
  const codeCells = notebook.cells.filter((cell) => cell.cell_type === "code");
  for (const cell of codeCells) Object.assign(cell, { outputs: [], execution_count: null });
  const write = async () => {
    if (options.output) writeFileAtomically(options.output, `${JSON.stringify(notebook, null, 1)}\n`);
    if (options.html) writeFileAtomically(options.html, notebookHtml(notebook, path));
  };
  const folder = options.folder ?? dirname(resolve(path));
  const { command, environment } = options;
  const client = await KernelClient.start({
    folder,
    ...(command ? { command } : {}),
    ...(environment ? { environment } : {}),
  });
  const displays: Displays = new Map();
  try {
    for (const [at, cell] of codeCells.entries()) {
      const code = joinText(cell.source);
      const outputs = (cell.outputs ??= []);
      if (code.trim() === "") continue;
      options.onProgress?.({ index: at + 1, count: codeCells.length, title: code.trim().split("\n")[0] ?? "" });
      const timeout = options.cellTimeout ? 1000 * options.cellTimeout : null;
      const fail = (why: string) =>
        new NotebookError(
          `Cell ${at + 1} of ${path} failed: ${why}\nThe cell begins: ${code.trim().slice(0, 200)}`,
          notebook,
        );
      const reply = await client
        .execute(code, {
          onMessage: (message) => collectOutput(message, outputs, displays),
          timeout,
          metadata: cell.id ? { cellId: cell.id } : {},
        })
        .catch((error: Error) => {
          throw fail(error.message);
        });
      cell.execution_count = typeof reply.execution_count === "number" ? reply.execution_count : at + 1;
      // Plain tslab sends no error message: that a cell failed shows in the reply alone, why on its standard error.
      if (reply.status !== "ok" || outputs.some(({ output_type }) => output_type === "error"))
        throw fail(whyFailed(outputs));
    }
  } finally {
    await client.close();
    await write();
  }
  return notebook;
}
