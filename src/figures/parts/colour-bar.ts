import type { PlotlyColorBar } from "./plotly-spec";

/** A slim colour bar with its title along the side. */
export function colourBar(title: string, more: Omit<PlotlyColorBar, "title"> = {}): PlotlyColorBar {
  return {
    title: { text: title, side: "right", font: { size: 13 } },
    thickness: 12,
    len: 0.8,
    outlinewidth: 0,
    ...more,
  };
}
