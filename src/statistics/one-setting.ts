import { checkRows, checkText, texts } from "../options";
/** Columns in which runs of one setting may differ: what tells runs apart, and what was measured. */
const BOOKKEEPING = new Set(["seed", "run", "name", "id", "folder", "status", "part", "host", "processor", "started"]);
const MEASURED =
  /(accuracy|loss|Improvement|Overhead|Deviation|Interval|PValue|Baseline)$|^(baseline|gain|epoch|epochs|bestEpoch|minutes|seconds|imagesPerSecond|parameters|amplifiedLayers|selections|error|confidence)$/i;

/** Settings that are numbers and would be averaged with what was measured. */
export const NUMERIC_SETTINGS: ReadonlySet<string> = new Set([
  "learningRate",
  "ampRatio",
  "ampFactor",
  "threshold",
  "weightDecay",
  "momentum",
  "batchSize",
  "width",
]);

/** Whether a column says what was trained, rather than which run it was or what came out. */
export const isSetting = (column: string) => !BOOKKEEPING.has(column) && !MEASURED.test(column);

/**
 * The first column in which rows that are about to be averaged differ, though averages are over seeds only; null where
 * they differ in nothing but their seeds and in what was measured.
 *
 * @param except columns that are said to be alike by other means
 * @param rows One object a trial.
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.statistics.differingSetting([{ seed: 0, reselect: "stage" }, { seed: 0, reselect: "2 epochs" }])); // "reselect"
 */
export function differingSetting(rows: readonly object[], except: readonly string[] = []): string | null {
  checkRows(rows, "a list of trials");
  texts.read(except, "except");
  const [first, ...others] = rows as readonly Record<string, unknown>[];
  if (first === undefined) return null;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  for (const name of names) {
    if (!isSetting(name) || except.includes(name)) continue;
    if (others.some((row) => (row[name] ?? null) !== (first[name] ?? null))) return name;
  }
  return null;
}

/**
 * Refuses to average what differs in more than seeds.
 *
 * @param rows One object a trial.
 * @param what Who asks, for the message.
 * @param except Columns that are said to be alike by other means.
 * @throws {RangeError} if there are several settings; the message names the column and two of its values
 * @example
 * import * as ga from "gradamp";
 *
 * ga.statistics.checkOneSetting([{ seed: 0, ampFactor: 2 }, { seed: 1, ampFactor: 2 }], "the mean"); // only seeds differ
 */
export function checkOneSetting(rows: readonly object[], what: string, except: readonly string[] = []): void {
  checkRows(rows, "a list of trials");
  checkText(what, "what the rows are");
  const column = differingSetting(rows, except);
  if (column === null) return;
  const values = [...new Set((rows as readonly Record<string, unknown>[]).map((row) => String(row[column] ?? null)))];
  throw new RangeError(
    `Expected ${what} to differ in their seeds alone but found ${column} ${values.slice(0, 3).join(", ")}` +
      `${values.length > 3 ? `, … (${values.length})` : ""}: keep the rows of one ${column}, since only seeds are averaged`,
  );
}
