import type { MimeBundle } from "../cell/running-cell";

/** Text as the notebook format stores it: whole, or as lines that keep their line ends. */
export type MultilineText = string | string[];

export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: MultilineText;
}
export interface DisplayOutput {
  output_type: "display_data" | "execute_result";
  data: MimeBundle;
  metadata: Record<string, unknown>;
  execution_count?: number | null;
}
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}
export type CellOutput = StreamOutput | DisplayOutput | ErrorOutput;

export interface NotebookCell {
  cell_type: "code" | "markdown" | "raw";
  id?: string;
  source: MultilineText;
  metadata: Record<string, unknown>;
  outputs?: CellOutput[];
  execution_count?: number | null;
}

/** A notebook of format 4. */
export interface Notebook {
  /** Major version of the format. */
  nbformat: number;
  /** Minor version of the format. */
  nbformat_minor: number;
  /** Kernel, language and what else tools keep. */
  metadata: Record<string, unknown>;
  /** In order. */
  cells: NotebookCell[];
}

/** The text of a multiline field. */
export function joinText(text: MultilineText): string {
  return typeof text === "string" ? text : text.join("");
}

/**
 * Reads a notebook of format 4.
 *
 * @param name For messages.
 * @throws {TypeError} for anything else
 */
export function parseNotebook(text: string, name: string): Notebook {
  let found: Partial<Notebook>;
  try {
    found = JSON.parse(text) as Partial<Notebook>;
  } catch (error) {
    throw new TypeError(`Expected ${name} to be a notebook but it is no JSON: ${(error as Error).message}`);
  }
  if (found.nbformat !== 4 || !Array.isArray(found.cells))
    throw new TypeError(`Expected ${name} to be a notebook of format 4 but found format ${found.nbformat ?? "none"}`);
  return found as Notebook;
}
