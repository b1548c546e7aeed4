import type { PlotlyAnnotation } from "./plotly-spec";

/** One plot in a grid of plots. */
export interface GridPanel {
  row: number;
  column: number;
  /** What follows "x" and "y" in Plotly's names of its axes: "" for the first, then "2", "3", … */
  suffix: string;
  x: readonly [number, number];
  y: readonly [number, number];
}

const tidy = (value: number) => Number(Math.min(1, Math.max(0, value)).toFixed(4));

/** Divides the plot area into equal panels, row by row from the top. */
export function panelGrid(rows: number, columns: number, gaps: { x?: number; y?: number } = {}): GridPanel[] {
  const { x: across = 0.05, y: down = 0.2 } = gaps;
  const gapY = rows > 1 ? down / rows : 0;
  const width = (1 - across * (columns - 1)) / columns;
  const height = (1 - gapY * (rows - 1)) / rows;
  return Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    const left = column * (width + across);
    const top = 1 - row * (height + gapY);
    return {
      row,
      column,
      suffix: index === 0 ? "" : String(index + 1),
      x: [tidy(left), tidy(left + width)],
      y: [tidy(top - height), tidy(top)],
    };
  });
}

/** The heading above a panel; it stays with the panel wherever the frame puts it. */
export function panelHeading(panel: Pick<GridPanel, "suffix">, text: string): PlotlyAnnotation {
  return {
    text,
    name: "panel",
    x: 0,
    y: 1,
    xref: `x${panel.suffix} domain`,
    yref: `y${panel.suffix} domain`,
    xanchor: "left",
    yanchor: "bottom",
    align: "left",
    yshift: 4,
    showarrow: false,
    font: { size: 13 },
  };
}
