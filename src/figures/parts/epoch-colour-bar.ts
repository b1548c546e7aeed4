import type { ScatterTrace } from "./plotly-spec";
import type { Theme } from "./theme";
import { colourBar } from "./colour-bar";

/** An invisible trace that carries the colour bar from the first epoch (or step) to the last. */
export function epochColourBar(range: readonly [number, number], unit: "epoch" | "step", look: Theme): ScatterTrace {
  const [first, last] = range;
  const middle = Math.round((first + last) / 2);
  const ticks = [...new Set([first, middle, last])];
  return {
    type: "scatter",
    mode: "markers",
    x: [null],
    y: [null],
    marker: {
      color: [first, last],
      cmin: first,
      cmax: last,
      colorscale: look.sequence,
      showscale: true,
      colorbar: colourBar(unit, { tickmode: "array", tickvals: ticks, ticktext: ticks.map(String) }),
    },
    hoverinfo: "skip",
    showlegend: false,
  };
}
