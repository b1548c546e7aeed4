import type { PlotlyLayout } from "./plotly-spec";

/** "light" for paper and light notebooks, "dark" for dark ones. */
export type ThemeName = "light" | "dark";

/** Everything about a figure's looks that does not depend on what it shows. */
export interface Theme {
  name: ThemeName;
  /** Text, ground, grid and faint marks. */
  ink: string;
  ground: string;
  grid: string;
  faint: string;
  /** The colours of the papers: original models, amplified ones, and the training curves of both. */
  baseline: string;
  amplified: string;
  baselineTraining: string;
  amplifiedTraining: string;
  /** For runs in the order in which they are given; the first two are `baseline` and `amplified`. */
  categories: readonly string[];
  /**
   * Of early to late, or small to large, with the same hues in both themes: violet is small and orange is large. Even
   * in lightness, and nowhere near the colour of the ground.
   */
  sequence: readonly (readonly [number, string])[];
  template: { layout: PlotlyLayout };
}

const fontFamily = "Inter, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

function build(colours: Omit<Theme, "template">): Theme {
  const axis = {
    gridcolor: colours.grid,
    linecolor: colours.faint,
    tickcolor: colours.faint,
    zerolinecolor: colours.faint,
    zeroline: false,
    showline: true,
    ticks: "outside",
    ticklen: 4,
    automargin: true,
    tickfont: { size: 12 },
    title: { text: "", font: { size: 13 } },
  } as const;
  const layout: PlotlyLayout = {
    font: { family: fontFamily, size: 13, color: colours.ink },
    title: { text: "", x: 0.02, xanchor: "left", font: { size: 17 } },
    paper_bgcolor: colours.ground,
    plot_bgcolor: colours.ground,
    colorway: colours.categories,
    margin: { l: 64, r: 24, t: 64, b: 56 },
    hoverlabel: { font: { family: fontFamily, size: 12 }, namelength: -1 },
    xaxis: axis,
    yaxis: axis,
  };
  return { ...colours, template: { layout } };
}

// Categories are Paul Tol's "bright" scheme, made to be told apart with every common colour blindness; the dark theme
// has the same hues, lighter. Sequences are plasma's hues, from violet (early, small) to orange (late, large) on either ground, without what would
// vanish on it; their lightness rises evenly.
const themes: Record<ThemeName, Theme> = {
  light: build({
    name: "light",
    ink: "#1f2430",
    ground: "#ffffff",
    grid: "#e8eaee",
    faint: "#9aa1ad",
    baseline: "#4477aa",
    amplified: "#dd4455",
    baselineTraining: "#a3a9b3",
    amplifiedTraining: "#228833",
    categories: ["#4477aa", "#dd4455", "#228833", "#b8860b", "#2aa5c4", "#aa3377", "#6b7280", "#7a5230"],
    sequence: [
      [0, "#0d0887"],
      [0.17, "#4b03a1"],
      [0.34, "#7d03a8"],
      [0.51, "#a82296"],
      [0.68, "#cb4679"],
      [0.84, "#e56b5d"],
      [1, "#f58f46"],
    ],
  }),
  dark: build({
    name: "dark",
    ink: "#e4e7ed",
    ground: "#15181e",
    grid: "#2a2f39",
    faint: "#6d7583",
    baseline: "#77aadd",
    amplified: "#ff7788",
    baselineTraining: "#8d95a3",
    amplifiedTraining: "#55bb66",
    categories: ["#77aadd", "#ff7788", "#55bb66", "#e0b040", "#66d0e8", "#d77ab5", "#a7afbd", "#c09570"],
    sequence: [
      [0, "#6f63d9"],
      [0.17, "#9a5ad0"],
      [0.34, "#c25abb"],
      [0.51, "#e16699"],
      [0.68, "#f47f72"],
      [0.84, "#fca454"],
      [1, "#fcd052"],
    ],
  }),
};

/**
 * The colours, fonts and Plotly template of a theme.
 *
 * @param name "light" or "dark". Default: "light"
 * @throws {RangeError} for another name
 */
export function theme(name: ThemeName = "light"): Theme {
  const found = Object.hasOwn(themes, name) ? themes[name] : undefined;
  if (!found) throw new RangeError(`Expected theme to be "light" or "dark" but found ${JSON.stringify(name)}`);
  return found;
}
