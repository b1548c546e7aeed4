import type { PlotlyConfig, PlotlySpec } from "../parts/plotly-spec";

/**
 * What Plotly's bar of tools offers: zooming, going back, and saving the picture. Nothing is ever sent to anyone.
 *
 * The picture is named after the figure's title.
 */
export function plotlyConfig(spec: PlotlySpec): PlotlyConfig {
  const words = (spec.layout.title?.text ?? "").replace(/<[^>]*>/g, " ").match(/[\p{L}\p{N}]+/gu) ?? ["figure"];
  return {
    responsive: true,
    displaylogo: false,
    plotlyServerURL: "",
    modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"], ["toImage"]],
    toImageButtonOptions: { filename: words.join("-").toLowerCase(), format: "png", scale: 2 },
    ...spec.config,
  };
}
