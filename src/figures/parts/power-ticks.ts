/** Ticks at powers of ten for a scale of logarithms: at most six, or the ends where no power lies between them. */
export function powerTicks(low: number, high: number): { tickmode: "array"; tickvals: number[]; ticktext: string[] } {
  const step = Math.max(1, Math.ceil((high - low) / 6));
  const tickvals: number[] = [];
  for (let at = Math.ceil(low); at <= high; at += step) tickvals.push(at);
  const powers = tickvals.map((power) => `10<sup>${String(power).replace("-", "−")}</sup>`);
  if (tickvals.length > 0) return { tickmode: "array", tickvals, ticktext: powers };
  const ends = [...new Set([low, high])];
  return {
    tickmode: "array",
    tickvals: ends,
    ticktext: ends.map((end) => powerText(Number((10 ** end).toPrecision(2)))),
  };
}

/** A positive number as a label shows it: "0.05", "250", "3.2 × 10⁻⁵", "10⁻³". */
export function powerText(value: number): string {
  if (value >= 0.01 && value < 10_000) return String(Number(value.toPrecision(4)));
  const [digits = "", power = ""] = value.toExponential().split("e");
  const raised = `10<sup>${power.replace("+", "").replace("-", "−")}</sup>`;
  return digits === "1" ? raised : `${String(Number(Number(digits).toPrecision(4)))} × ${raised}`;
}
