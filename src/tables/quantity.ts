import { checkText } from "../options";
/** How a column of a known quantity is headed, printed and judged. */
export interface Quantity {
  /** The column's heading. */
  label: string;
  /** The number as text, without its unit: that stands in the heading. */
  print: (value: number) => string;
  /** Which end of the column is the best one, or null where neither is. */
  best: "min" | "max" | null;
}

const fixed = (digits: number) => (value: number) => withoutNegativeZero(value.toFixed(digits));
const percent = (value: number) => fixed(2)(value * 100);
const signedPercent = (value: number) => signed(percent(value));
const grouped = (value: number) => (Number.isInteger(value) ? value.toLocaleString("en-US") : fixed(1)(value));
const speed = (value: number) => grouped(Math.abs(value) < 100 ? value : Math.round(value));
const signed = (text: string) => (/^-|^0(\.0*)?$/.test(text) ? text : `+${text}`);
const unsigned = (print: (value: number) => string) => (value: number) => print(value).replace(/^\+/, "");
const probability = (value: number) => (value < 0.001 ? value.toExponential(0) : fixed(3)(value));
const withoutNegativeZero = (text: string) => (/^-0(\.0*)?$/.test(text) ? text.slice(1) : text);

/** 0.1 as it is, anything smaller as the papers write it: 1e-3, 2.5e-4. */
const rate = (value: number) =>
  value === 0 || Math.abs(value) >= 0.1 ? String(significant(value)) : significant(value).toExponential();
/** Of numbers of many sizes the power of ten is what is read. */
const power = (value: number) => value.toExponential(1);
const significant = (value: number) => Number(value.toPrecision(4));

const splits: Record<string, string> = { train: "Train", validation: "Val", test: "Test" };
const METRIC_WORDS: Record<string, string> = { Mse: "MSE", Rmse: "RMSE", Mae: "MAE", Auc: "AUC" };
const places: Record<string, string> = { "": "", best: " at best", last: " at last" };

/**
 * What is known of a column from its name.
 *
 * | column | printed | best |
 * |---|---|---|
 * | `…Accuracy` | per cent, 2 decimals (a fraction in the table) | highest |
 * | `…Loss` | 3 decimals | lowest |
 * | `learningRate` | 0.1, below that 1e-3 | – |
 * | `parameters` | 59,716 | – |
 * | `minutes`, `seconds` | 2 decimals, 1 decimal | lowest |
 * | `…Improvement` | percentage points with a sign, 2 decimals (a fraction in the table) | highest |
 * | `validationF1`, `testTop5`, … | 4 decimals | highest, of errors lowest, of metrics of one's own neither |
 * | `bestGain`, `chanceGain`, `publishedGain` | percentage points with a sign (a fraction in the table) | – |
 * | `atInput`, `atHead` | 1.3e-7 | – |
 * | `…Overhead` | per cent with a sign, 2 decimals (a fraction in the table) | lowest |
 *
 * `best…` and `last…` may stand before, and `…Deviation`, `…Interval` and `…PValue` after a quantity; what follows a slash is a variant of it, as in
 * `testAccuracy/Case-1`, and becomes the heading.
 *
 * @param column Name of a column.
 * @returns null for a column of which nothing is known.
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.table.quantityOf("testAccuracy")?.label);
 */
export function quantityOf(column: string): Quantity | null {
  checkText(column, "a column's name");
  const slash = column.indexOf("/");
  const name = slash < 0 ? column : column.slice(0, slash);
  const known = lookup(name);
  if (known === null) return null;
  return slash < 0 ? known : { ...known, label: column.slice(slash + 1) };
}

function lookup(name: string): Quantity | null {
  const simple: Record<string, Quantity> = {
    learningRate: { label: "LR", print: rate, best: null },
    parameters: { label: "# Params", print: grouped, best: null },
    minutes: { label: "Minutes", print: fixed(2), best: "min" },
    seconds: { label: "Seconds", print: fixed(1), best: "min" },
    imagesPerSecond: { label: "Images/s", print: speed, best: null },
    run: { label: "Run", print: String, best: null },
    model: { label: "Model", print: String, best: null },
    dataset: { label: "Data set", print: String, best: null },
    method: { label: "Method", print: String, best: null },
    seed: { label: "Seed", print: String, best: null },
    epoch: { label: "Epoch", print: grouped, best: null },
    epochs: { label: "Epochs", print: grouped, best: null },
    bestEpoch: { label: "Best epoch", print: grouped, best: null },
    runs: { label: "Runs", print: grouped, best: null },
    leftOut: { label: "Left out", print: grouped, best: null },
    baselineLeftOut: { label: "Baselines left out", print: grouped, best: null },
    penalty: { label: "Penalty", print: fixed(3), best: null },
    pairs: { label: "Pairs", print: grouped, best: null },
    publishedGain: { label: "Paper's gain (%)", print: signedPercent, best: null },
    bestGain: { label: "Best gain (%)", print: signedPercent, best: null },
    chanceGain: { label: "Gain by chance (%)", print: signedPercent, best: null },
    chance: { label: "Chance of it", print: probability, best: null },
    atInput: { label: "At the input", print: power, best: null },
    atHead: { label: "At the head", print: power, best: null },
    powersLost: { label: "Powers of ten lost", print: fixed(1), best: null },
    tenthFrom: { label: "Below a tenth from", print: String, best: null },
    thousandthFrom: { label: "Below a thousandth from", print: String, best: null },
    steepestAt: { label: "Steepest fall at", print: String, best: null },
    steepestFactor: { label: "By a factor of", print: (value) => String(Number(value.toPrecision(2))), best: null },
  };
  const exact = Object.hasOwn(simple, name) ? simple[name] : undefined;
  if (exact) return exact;

  const derived = /^(.+?)(Improvement|Overhead|Deviation|Interval|PValue|Baseline|LeftOut)$/.exec(name);
  if (derived) {
    const [, base = "", what] = derived;
    const of = lookup(base);
    if (of === null) return null;
    const heading = of.label.replace(/ \(%\)$/, "");
    const unit = of.label.slice(heading.length);
    if (what === "LeftOut") return { label: `${heading} left out`, print: grouped, best: null };
    if (what === "Improvement") return { label: `${heading} gain (%)`, print: signedPercent, best: "max" };
    if (what === "Overhead") return { label: `${heading} overhead (%)`, print: signedPercent, best: "min" };
    if (what === "Interval") return { label: `${heading} interval ±${unit}`, print: unsigned(of.print), best: null };
    if (what === "PValue") return { label: `${heading.replace(/ gain$/, "")} p`, print: probability, best: null };
    if (what === "Deviation") return { label: `${heading} ±${unit}`, print: of.print, best: null };
    return { label: `${heading} of baseline${unit}`, print: of.print, best: null };
  }

  const metric = /^(validation|test)((?:[A-Z][A-Za-z0-9_]*))$/.exec(name);
  if (metric && !/(Loss|Accuracy)$/.test(name)) {
    const [, split = "", ending = ""] = metric;
    const best = /^(Mse|Rmse|Mae)$/.test(ending)
      ? "min"
      : /^(Precision|Recall|F1|Auc|Top\d+)$/.test(ending)
        ? "max"
        : null;
    return { label: `${splits[split]} ${METRIC_WORDS[ending] ?? ending}`, print: fixed(4), best };
  }
  const measured = /^(best|last|)([tT]rain|[vV]alidation|[tT]est|)(Loss|Accuracy|loss|accuracy)$/.exec(name);
  if (!measured) return null;
  const [, place = "", split = "", kind = ""] = measured;
  const accuracy = kind.toLowerCase() === "accuracy";
  const words = [splits[split.toLowerCase()], accuracy ? "acc" : "loss"].filter((word) => word !== undefined).join(" ");
  return {
    label: words.charAt(0).toUpperCase() + words.slice(1) + (places[place] ?? "") + (accuracy ? " (%)" : ""),
    print: accuracy ? percent : fixed(3),
    best: accuracy ? "max" : "min",
  };
}

/**
 * How a column of which nothing is known is headed: `amplifiedLayers` as "Amplified layers", `group` as "Group"; what is no
 * such name, and names of one or two letters, which stand for what they are in formulas, as they are.
 */
export function headingOf(column: string): string {
  if (!/^[a-z]+[A-Z0-9][A-Za-z0-9]*$|^[a-z]{3,}$/.test(column) || !/[A-Z]|^[a-z]+$/.test(column)) return column;
  const words = column.replace(/(?<=[a-z0-9])[A-Z](?![A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
