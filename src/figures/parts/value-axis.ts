import type { PlotlyAxis } from "./plotly-spec";

/** An axis of gradient-like values: powers of ten on a logarithmic one. */
export function valueAxis(title: string, axis: "log" | "linear"): PlotlyAxis {
  return axis === "log"
    ? { type: "log", title: { text: title }, exponentformat: "power", nticks: 7 }
    : { type: "linear", title: { text: title }, exponentformat: "power", rangemode: "tozero" };
}
