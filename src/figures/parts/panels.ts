import type { PlotlyAnnotation } from "./plotly-spec";

/** Where one of several plots side by side lies, and what Plotly calls its axes. */
export interface Panel {
  /** "" for the first, then "2", "3", …: `layout["xaxis" + suffix]`, `trace.xaxis = "x" + suffix`. */
  suffix: string;
  domain: readonly [number, number];
}

/** Splits the width into equal panels. */
export function panelsAcross(count: number, gap = 0.04): Panel[] {
  const width = (1 - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, index) => {
    const start = index * (width + gap);
    return {
      suffix: index === 0 ? "" : String(index + 1),
      domain: [Number(start.toFixed(4)), Number(Math.min(1, start + width).toFixed(4))] as const,
    };
  });
}

/** A heading centred above a panel. */
export function panelTitle(panel: Panel, text: string): PlotlyAnnotation {
  return {
    text,
    x: Number(((panel.domain[0] + panel.domain[1]) / 2).toFixed(4)),
    y: 1,
    xref: "paper",
    yref: "paper",
    xanchor: "center",
    yanchor: "bottom",
    yshift: 6,
    showarrow: false,
    font: { size: 14 },
  };
}
