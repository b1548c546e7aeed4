import { anyText, number, oneOf, orNull, type KindsOf } from "../../options";
import type { PlotlyLayout } from "./plotly-spec";
import { theme, type ThemeName } from "./theme";

/** What every figure can be told. */
export interface FigureOptions {
  /** Shown above the figure. Default: the figure's own; null shows none. */
  title?: string | null;
  /** Default: that of the notebook or page where the figure is shown; in files "light". */
  theme?: ThemeName;
  /** In pixels. Default: null, as wide as the notebook or page; pictures are then 960 wide. */
  width?: number | null;
  /**
   * In pixels, of the figure where its panels stand side by side; where they stand below each other it is higher.
   * Default: the figure's own.
   */
  height?: number;
}

/** What figures of several panels can be told. */
export interface PanelFigureOptions extends FigureOptions {
  /** Whether all panels have the same y scale, so that they can be compared, or each its own. Default: "shared". */
  scales?: "shared" | "own";
}

const side = number("to be above 0 and at most 100,000 pixels", (pixels) => pixels > 0 && pixels <= 100_000);

/** What each of the options of all figures may be. */
export const FIGURE_KINDS: KindsOf<FigureOptions> = {
  title: orNull(anyText),
  theme: oneOf("light", "dark"),
  width: orNull(side),
  height: side,
};

/** The same for figures of several panels. */
export const PANEL_KINDS: KindsOf<PanelFigureOptions> = { ...FIGURE_KINDS, scales: oneOf("shared", "own") };

/** A layout with the theme's template and the options that every figure shares. */
export function baseLayout(
  options: FigureOptions,
  defaults: { title: string | null; height?: number },
): Pick<PlotlyLayout, "template" | "meta" | "title" | "width" | "height" | "margin" | "legend" | "hovermode"> {
  const title = options.title === undefined ? defaults.title : options.title;
  return {
    template: theme(options.theme).template,
    meta: { frame: true, ...(options.theme === undefined ? { theme: "auto" } : {}) },
    height: options.height ?? defaults.height ?? 480,
    ...(options.width ? { width: options.width } : {}),
    // Where nothing fits the figure to its width the legend stands between the title and the plot.
    legend: { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom", traceorder: "normal" },
    hovermode: "closest",
    ...(title ? { title: { text: title } } : { margin: { t: 32 } }),
  };
}
