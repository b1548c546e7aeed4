import type { PlotlyAxis } from "./plotly-spec";

/**
 * An axis with one place a layer, labelled with the layers' names.
 *
 * It is a category axis, because Plotly thins such labels by itself to those that fit and brings the others back when
 * one zooms in: VGG38's 75 names all show, of ResNet-101's 209 every third until one zooms.
 */
export function layerAxis(labels: readonly string[], panels = 1): PlotlyAxis {
  const crowded = labels.length * panels > 24;
  return {
    type: "category",
    categoryorder: "array",
    categoryarray: labels,
    range: [-0.6, labels.length - 0.4],
    tickangle: labels.length > 6 || panels > 1 ? -90 : 0,
    tickfont: { size: crowded ? 9 : 11 },
    showgrid: labels.length <= 100,
    automargin: true,
  };
}

/** A vertical axis with one row a layer, from input (top) to head. */
export function layerRows(labels: readonly string[]): PlotlyAxis {
  return {
    type: "category",
    autorange: "reversed",
    categoryorder: "array",
    categoryarray: labels,
    tickfont: { size: labels.length > 24 ? 9 : 11 },
    showgrid: false,
  };
}
