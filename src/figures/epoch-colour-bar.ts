import type { ScatterTrace } from "./plotly-spec";
import type { Theme } from "./theme";

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
      colorbar: {
        title: { text: unit, side: "right" },
        tickmode: "array",
        tickvals: ticks,
        ticktext: ticks.map(String),
        thickness: 12,
        len: 0.8,
        outlinewidth: 0,
      },
    },
    hoverinfo: "skip",
    showlegend: false,
  };
}
