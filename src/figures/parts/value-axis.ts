import type { PlotlyAxis } from "./plotly-spec";
import { powerText } from "./power-ticks";

/**
 * An axis of gradient-like values. A logarithmic one labels powers of ten; where it shows little more than one of them
 * it labels their twos and fives as well, and within a part of one what is round there.
 *
 * @param values What is drawn on it, by which that is told.
 */
export function valueAxis(title: string, axis: "log" | "linear", values: Iterable<number | null> = []): PlotlyAxis {
  if (axis === "linear")
    return { type: "linear", title: { text: title }, exponentformat: "power", rangemode: "tozero" };
  let [low, high] = [Infinity, 0];
  for (const value of values)
    if (value !== null && value > 0 && Number.isFinite(value))
      [low, high] = [Math.min(low, value), Math.max(high, value)];
  const log: PlotlyAxis = { type: "log", title: { text: title }, exponentformat: "power" };
  // Plotly draws powers a quarter larger than other labels.
  if (!(high / low < 30)) return { ...log, minorloglabels: "none", tickfont: { size: 9.6 }, nticks: 7 };
  const ticks = closeTicks(low, high);
  return { ...log, tickmode: "array", tickvals: ticks, ticktext: ticks.map(powerText) };
}

/** Round numbers from at or below the lowest value to at or above the highest, less than 30 times as large. */
function closeTicks(low: number, high: number): number[] {
  const tidy = (value: number) => Number(value.toPrecision(8));
  if (high / low >= 3) {
    const powers = Array.from({ length: 4 }, (_, at) => Math.floor(Math.log10(low)) + at);
    const all = powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
    const inside = all.filter((value) => value >= low && value <= high);
    return [
      ...all.filter((value) => value < low).slice(-1),
      ...inside,
      ...all.filter((value) => value > high).slice(0, 1),
    ];
  }
  const rough = (high - low || high) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  return Array.from({ length: Math.ceil(high / step) - first + 1 }, (_, at) => tidy((first + at) * step)).filter(
    (value) => value > 0,
  );
}
