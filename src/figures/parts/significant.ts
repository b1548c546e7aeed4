/**
 * A number to six significant digits, which is more than a screen shows and keeps a notebook's figures small.
 *
 * @returns null for what is no finite number, which Plotly draws as a gap.
 */
export function significant(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}
