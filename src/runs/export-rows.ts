import { ROW_KINDS } from "../rows";
import { RUNS_KINDS } from "./runs";
import { checkOptions, checkPath } from "../options";
import { extname } from "node:path";

import type { ColumnTable } from "arquero";

import { writeFileAtomically } from "../files/write-file-atomically";
import { encodeColumns, type PlainColumn } from "./segments/encode-columns";
import { runs, type RunsOptions } from "./runs";
import { storedType } from "./segments/stored-rows";

/**
 * Writes the rows of one or many runs to one file, with what each run is in front of them: Parquet (for DuckDB, pandas,
 * Spark), Arrow, CSV or JSON Lines, by the file's ending. In JSON what is no finite number is `"NaN"`, `"Infinity"` or
 * `"-Infinity"`, and what a row lacks is null.
 *
 * @param folder a folder of runs, or one run
 * @param file where they go; the ending says as what: `.parquet`, `.arrow`, `.csv` or `.jsonl`
 * @param options as for `ga.runs`: which rows, and more columns. Default: gradients
 * @returns how many rows were written
 * @throws {RangeError} for another ending, if there is no run, or if no run has such rows: nothing is written then
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const folder = mkdtempSync("/tmp/runs-");
 * const gradients = [{ epoch: 1, step: 100, index: 0, layer: "conv", weight: "kernel", size: 864, meanAbs: 1e-4 }];
 * ga.saveRun({ name: "a", model: "VGG08", parameters: 59716, dataset: "cifar-100", options: {}, epochs: [], gradients }, `${folder}/a`);
 * console.log(ga.exportRows(folder, `${folder}/gradients.parquet`)); // 1
 */
export function exportRows(folder: string, file: string, options: RunsOptions = {}): number {
  checkOptions("exportRows", options, RUNS_KINDS);
  checkPath(folder, "a folder of runs");
  checkPath(file, "a file to write");
  const { rows: kind = "gradients" } = options;
  const writers: Record<string, (rows: ColumnTable) => Uint8Array | string> = {
    ".parquet": (rows) => toParquet(plainColumns(kind, rows)),
    ".arrow": (rows) => encodeColumns(plainColumns(kind, rows)),
    ".csv": (rows) => rows.toCSV(),
    ".jsonl": toJsonLines,
  };
  const write = writers[extname(file)];
  if (!write) {
    throw new RangeError(`Expected a file that ends in ${Object.keys(writers).join(", ")} but found ${file}`);
  }
  const rows = runs(folder, { ...options, rows: kind });
  if (rows.numRows() === 0)
    throw new RangeError(
      `Expected ${kind} rows in ${folder} but found none, so nothing is written: ${kind === "runs" ? "check the path" : ROW_KINDS[kind].remedy}`,
    );
  writeFileAtomically(file, write(rows));
  return rows.numRows();
}

/** A row a line. */
function toJsonLines(rows: ColumnTable): string {
  const plain = (_: string, value: unknown) =>
    value === undefined ? null : typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  const lines = rows.objects().map((row) => JSON.stringify(row, plain));
  return lines.map((line) => `${line}\n`).join("");
}

function toParquet(columns: Record<string, PlainColumn>): Uint8Array {
  const types = { integer: "INT32", number: "DOUBLE", text: "STRING" } as const;
  const columnData = Object.entries(columns).map(([name, { type, values }]) => ({
    name,
    data: Array.from(values as ArrayLike<number | string | null>),
    type: types[type],
    nullable: true,
  }));
  // Loaded by the first Parquet file: most programs write none.
  const { parquetWriteBuffer } = require("hyparquet-writer") as typeof import("hyparquet-writer");
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** Counts are whole numbers in every file; which columns are is the kind's to say. */
function plainColumns(kind: NonNullable<RunsOptions["rows"]>, rows: ColumnTable): Record<string, PlainColumn> {
  const isWhole = (name: string) =>
    name === "parameters" || (kind === "runs" ? name === "epochs" : storedType(kind, name) === "integer");
  return Object.fromEntries(
    rows.columnNames().map((name): [string, PlainColumn] => {
      const values = Array.from(rows.array(name) as ArrayLike<unknown>, (value) => value ?? null);
      if (values.some((value) => typeof value === "string" || typeof value === "boolean"))
        return [name, { type: "text", values: values.map((value) => (value === null ? null : String(value))) }];
      return isWhole(name) && !values.includes(null)
        ? [name, { type: "integer", values: values as number[] }]
        : [name, { type: "number", values: values as (number | null)[] }];
    }),
  );
}
