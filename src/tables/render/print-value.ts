import { quantityOf } from "../quantity";

/** What stands where a value is missing. */
export const missing = "–";

/**
 * One value as the tables print it: known quantities as `quantityOf` says, other integers as they are, other numbers with
 * four significant digits, dates as ISO 8601 (UTC), missing values as a dash.
 */
export function printValue(value: unknown, column: string): string {
  if (value === null || value === undefined) return missing;
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    const quantity = quantityOf(column);
    if (quantity) return quantity.print(value);
    if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
    // 0.5 rather than 0.5000: the digits that say nothing go.
    return String(Number(value.toPrecision(4)));
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return "invalid date";
    const text = value.toISOString();
    return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
  }
  if (typeof value === "string") return value;
  if (typeof value === "object") return JSON.stringify(value) ?? missing;
  return String(value as boolean | bigint);
}
