import type { PlotlyLayout } from "./plotly-spec";
import { theme, type ThemeName } from "./theme";

/** What every figure can be told. */
export interface FigureOptions {
  /** Shown above the figure. Default: the figure's own; null shows none. */
  title?: string | null;
  /** Default: "light". */
  theme?: ThemeName;
  /** In pixels. Default: null, as wide as the notebook or page; pictures are then 960 wide. */
  width?: number | null;
  /** In pixels. Default: the figure's own. */
  height?: number;
}

/** A layout with the theme's template and the options that every figure shares. */
export function baseLayout(
  options: FigureOptions,
  defaults: { title: string | null; height?: number },
): Pick<PlotlyLayout, "template" | "title" | "width" | "height" | "margin"> {
  const title = options.title === undefined ? defaults.title : options.title;
  return {
    template: theme(options.theme).template,
    height: options.height ?? defaults.height ?? 480,
    ...(options.width ? { width: options.width } : {}),
    ...(title ? { title: { text: title } } : { margin: { t: 32 } }),
  };
}
