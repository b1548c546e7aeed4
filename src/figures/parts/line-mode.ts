/** How a line is drawn so that every value can be seen: with markers where one stands alone between gaps. */
export function lineMode(values: readonly (number | null)[]): "lines" | "lines+markers" {
  const missing = (at: number) => (values[at] ?? null) === null;
  return values.some((value, at) => value !== null && missing(at - 1) && missing(at + 1)) ? "lines+markers" : "lines";
}
