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
  /** Of early to late, or small to large: even in lightness, and nowhere near the colour of the ground. */
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
// has the same hues, lighter. Sequences are viridis without the ends that would vanish on the ground.
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
      [0, "#b8cf3f"],
      [0.15, "#6dc25e"],
      [0.3, "#35ac7c"],
      [0.45, "#21908d"],
      [0.6, "#2e6f8e"],
      [0.75, "#3e4c8a"],
      [0.9, "#472777"],
      [1, "#440154"],
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
      [0, "#4a5a9a"],
      [0.2, "#33739a"],
      [0.4, "#249a96"],
      [0.6, "#3fbc73"],
      [0.8, "#96d83f"],
      [1, "#fde725"],
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
