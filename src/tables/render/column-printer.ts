import { quantityOf } from "../quantity";
import { printValue } from "./print-value";

/**
 * How the values of a column are printed, in one notation for all of them: where one of its numbers needs powers of ten,
 * all have them, with as many digits.
 *
 * Whole numbers stay whole. Zero is "0" among powers of ten. Minus signs are minus signs, not hyphens.
 *
 * @param values Those that are shown.
 */
export function columnPrinter(column: string, values: readonly unknown[]): (value: unknown) => string {
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const digits = powerDigits(column, numbers);
  return (value) => {
    if (typeof value !== "number" || !Number.isFinite(value) || digits === null)
      return withMinus(printValue(value, column), value);
    return withMinus(value === 0 ? "0" : value.toExponential(digits).replace("e+", "e"), value);
  };
}

/** How many digits stand behind the point where a column is printed in powers of ten; null where it is not. */
function powerDigits(column: string, numbers: readonly number[]): number | null {
  const others = numbers.filter((value) => value !== 0);
  const smallest = Math.min(...others.map(Math.abs));
  const name = column.split("/")[0] ?? "";
  if (name === "learningRate") return smallest < 0.1 ? mostDigits(others) : null;
  if (name.endsWith("PValue")) return smallest < 0.001 ? 1 : null;
  const known = quantityOf(column);
  if (known) return /loss(Deviation|Interval|Baseline)?$/i.test(name) && smallest < 5e-4 ? 3 : null;
  if (numbers.every(Number.isInteger)) return Math.max(...others.map(Math.abs), 0) >= 1e15 ? 3 : null;
  return smallest < 1e-3 || Math.max(...others.map(Math.abs)) >= 1e7 ? 3 : null;
}

/** The digits behind the point that the longest of the numbers has, at most three. */
function mostDigits(numbers: readonly number[]): number {
  const behind = (value: number) => /\.(\d+)/.exec(Number(value.toPrecision(4)).toExponential())?.[1]?.length ?? 0;
  return Math.max(0, ...numbers.map(behind));
}

const withMinus = (text: string, value: unknown) => (typeof value === "number" ? text.replace(/^-/, "−") : text);
