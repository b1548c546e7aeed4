import { aFunction, byName, checkOptions, checkPath, type KindsOf, oneOf, orNull, texts, yesNo } from "../options";
import { relative } from "node:path";

import { type ColumnTable, table } from "arquero";

import { ROW_KINDS, columnType, type RowKind } from "../rows";
import type { JoinedColumn } from "./segments/column-builder";
import { checkRows } from "./check-rows";
import { findRuns, type UnreadableRun } from "./find-runs";
import { listSegments } from "./segments/list-segments";
import { loadColumns, type RowSource, rowSource } from "./segments/load-column";
import { type Peek, peeker } from "./segments/peek";
import { readRunInfo } from "./read-run-info";
import { checkEnds, readSegment, segmentColumns } from "./segments/read-segment";
import { DictionaryColumn, NumberColumn } from "./segments/row-columns";
import type { RunInfo } from "./run-info";
import type { Segment } from "./segments/segment";

/** Which rows of which runs are read. */
export interface RunsOptions {
  /** What is a row: a run, an epoch ("epochs"), a weight tensor at a measured step ("gradients"), … Default: "runs". */
  rows?: RowKind | "runs";
  /**
   * More columns, computed from each run's `run.json`: `{ seed: (run) => Number(run.options.seed) }`. Default: none.
   */
  columns?: Record<string, (run: RunInfo) => number | string | boolean | null>;
  /** Only these columns, all read in one pass over the files. Default: null, all, each read when it is first used. */
  only?: readonly string[] | null;
  /** Whether every file is read and checked at once, so that a damaged one is found now. Default: false. */
  check?: boolean;
  /** Told of each run that cannot be read and is left out. Default: a warning of Node's, on standard error. */
  onUnreadable?: (run: UnreadableRun) => void;
}

/** What each of these may be. */
export const RUNS_KINDS: KindsOf<RunsOptions> = {
  rows: oneOf("runs", ...(Object.keys(ROW_KINDS) as RowKind[])),
  columns: byName(aFunction, "functions"),
  only: orNull(texts),
  check: yesNo,
  onUnreadable: aFunction,
};

/** What `ga.runs` does: its docstring stands in src/display/table-functions.ts. */
export function runs(folder: string, options: RunsOptions = {}): ColumnTable {
  checkOptions("runs", options, RUNS_KINDS);
  checkPath(folder, "a folder of runs");
  const { rows: kind = "runs", columns = {}, only = null, check = false, onUnreadable = warn } = options;
  const { folders, infos } = readable(folder, kind, check, onUnreadable);
  const of = (chosen: readonly string[]) => runValues(folder, chosen, chosen.map((run) => infos.get(run)!), columns); // prettier-ignore
  if (kind === "runs") {
    return selected(table({ ...of(folders), ...lastEpochs(folders) }), only);
  }

  // A run without rows would be a group without rows.
  const sources = folders.map((path) => rowSource(path, kind)).filter(({ rows }) => rows > 0);
  const length = sources.reduce((sum, source) => sum + source.rows, 0);
  const result: Record<string, ColumnLike> = {};
  const runOfRow = once(() => runIndices(sources, length));
  const values = of(sources.map(({ run }) => run));
  for (const [name, ofRun] of Object.entries(values)) result[name] = runColumn(ofRun, length, runOfRow);

  const types = columnTypes(kind, sources);
  const names = [...types.keys()].filter((name) => only === null || only.includes(name));
  const peek = peeker(sources);
  const pass = once(() => loadColumns(sources, names));
  for (const name of names) {
    if (name in result) throw new RangeError(`Expected a name that the rows do not have but found ${name} in columns`);
    const load = (): JoinedColumn => {
      const column = (only === null ? loadColumns(sources, [name]) : pass()).get(name);
      if (column === undefined) throw new Error(`Expected a column ${name} but found none`);
      return column;
    };
    result[name] =
      types.get(name) === "text" ? textColumn(length, load, peek(name)) : new NumberColumn(length, load, peek(name));
  }
  return selected(table(result), only);
}

/** The runs that can be read: their run.json, and of each file of rows the header and the end, or all of it. */
function readable(
  root: string,
  kind: RowKind | "runs",
  check: boolean,
  onUnreadable: (run: UnreadableRun) => void,
): { folders: string[]; infos: Map<string, RunInfo> } {
  const infos = new Map<string, RunInfo>();
  const unreadable: UnreadableRun[] = [];
  const found = findRuns(root, (run) => unreadable.push(run));
  if (found.length === 0 && unreadable.length === 0)
    throw new RangeError(`Expected folders with a run.json in ${root} but found none`);
  for (const folder of found) {
    try {
      const info = readRunInfo(folder);
      checkRows(folder, info);
      lookInto(folder, kind === "runs" ? "epochs" : kind, check || kind === "runs" ? readSegment : checkEnds);
      infos.set(folder, info);
    } catch (error) {
      unreadable.push({ folder, error: error as Error });
    }
  }
  if (infos.size === 0)
    throw new Error(
      `Expected a run in ${root} that can be read but found none: ${unreadable.map(({ error }) => error.message).join("; ")}`,
    );
  for (const run of unreadable) onUnreadable(run);
  return { folders: [...infos.keys()], infos };
}

/** Looks into all segments of a kind; once more where a run that is being compacted changed them meanwhile. */
function lookInto(folder: string, kind: RowKind, look: (segment: Segment) => unknown): void {
  for (const attempt of [1, 2])
    try {
      return listSegments(folder, kind).forEach(look);
    } catch (error) {
      if (attempt === 2 || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
}

function warn({ folder, error }: UnreadableRun): void {
  process.emitWarning(`${folder} is left out, for it cannot be read: ${error.message}`, "GradampWarning");
}

/** What a run ended with, in its row. */
const LAST = [
  ...["trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy", "testLoss", "testAccuracy"],
  ...["seconds"],
];

/** How many epochs each run has, what it had reached after the last of them, and the seconds that all took. */
function lastEpochs(folders: readonly string[]): Record<string, (number | null)[]> {
  const sources = folders.map((path) => rowSource(path, "epochs"));
  const loaded = loadColumns(sources, LAST);
  let offset = 0;
  const spans = sources.map(({ rows }) => ({ from: offset, to: (offset += rows) }));
  const of = (
    name: string,
    value: (at: (row: number) => number | null, span: (typeof spans)[number]) => number | null,
  ) => {
    const column = loaded.get(name);
    const at = (row: number) =>
      column === undefined || column.missing?.[row] === 1 ? null : Number(column.values[row]);
    return spans.map((span) => (span.to === span.from ? null : value(at, span)));
  };
  const sum = (at: (row: number) => number | null, { from, to }: (typeof spans)[number]) => {
    let seconds = 0;
    for (let row = from; row < to; row++) seconds += at(row) ?? 0;
    return seconds;
  };
  return {
    epochs: sources.map(({ rows }) => rows),
    ...Object.fromEntries(LAST.map((name) => [name, of(name, name === "seconds" ? sum : (at, { to }) => at(to - 1))])),
  };
}

/** What is known of runs from their run.json: a value each. */
function runValues(
  root: string,
  folders: readonly string[],
  infos: readonly RunInfo[],
  columns: NonNullable<RunsOptions["columns"]>,
): Record<string, unknown[]> {
  return {
    run: folders.map((path) => relative(root, path) || "."),
    model: infos.map((info) => info.model),
    dataset: infos.map((info) => info.dataset),
    parameters: infos.map((info) => info.parameters),
    status: infos.map((info) => info.status),
    ...Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, infos.map(value)])),
  };
}

type ColumnLike = DictionaryColumn<unknown> | NumberColumn;

/** The columns of all segments, in the order in which they first appear. */
function columnTypes(kind: RowKind, sources: readonly RowSource[]): Map<string, "text" | "number"> {
  const types = new Map<string, "text" | "number">();
  for (const segment of sources.flatMap((source) => source.segments)) {
    for (const [name, type] of segmentColumns(segment))
      if (!types.has(name)) types.set(name, columnType(kind, name)?.startsWith("text") ? "text" : type);
  }
  return types;
}

/** For each row the number of its run. */
function runIndices(sources: readonly RowSource[], length: number): Uint32Array {
  const indices = new Uint32Array(length);
  let offset = 0;
  sources.forEach(({ rows }, run) => {
    indices.fill(run, offset, offset + rows);
    offset += rows;
  });
  return indices;
}

/** A value of the run, for each of its rows. */
function runColumn(values: readonly unknown[], length: number, runOfRow: () => Uint32Array): DictionaryColumn<unknown> {
  return new DictionaryColumn(length, () => {
    const words = [...new Set(values)];
    const indices = runOfRow();
    // Most often each run has a value of its own, and the runs' numbers are the codes.
    if (words.length === values.length) return { codes: indices, words };
    const codeOfRun = Uint32Array.from(values, (value) => words.indexOf(value));
    return { codes: indices.map((run) => codeOfRun[run] ?? 0), words };
  });
}

function textColumn(length: number, load: () => JoinedColumn, peek: Peek): DictionaryColumn<string | null> {
  const open = () => {
    const { values, missing, dictionary } = load();
    // No row has a word.
    if (missing?.every((none) => none === 1)) return { codes: new Int32Array(length), words: [null] };
    if (dictionary === null || !(values instanceof Int32Array)) throw new TypeError("Expected text but found numbers");
    if (missing === null) return { codes: values, words: dictionary };
    const none = dictionary.length;
    return { codes: values.map((code, row) => (missing[row] === 1 ? none : code)), words: [...dictionary, null] };
  };
  return new DictionaryColumn<string | null>(length, open, peek);
}

function once<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}

function selected(input: ColumnTable, only: readonly string[] | null): ColumnTable {
  if (only === null) return input;
  const names = input.columnNames();
  for (const name of only) {
    if (!names.includes(name))
      throw new RangeError(`Expected a column of the runs but found ${name}: they have ${names.join(", ")}`);
  }
  return input.select(...only);
}
