import type { PlotlyLayout } from "./plotly-spec";

/** "light" for paper and light notebooks, "dark" for dark ones. */
export type ThemeName = "light" | "dark";

/** Everything about a figure's looks that does not depend on what it shows. */
export interface Theme {
  /** "light" or "dark". */
  name: ThemeName;
  /** Text. */
  ink: string;
  /** The background. */
  ground: string;
  /** Lines of the grid. */
  grid: string;
  /** Marks that stay in the background. */
  faint: string;
  /** Original models, in the papers' colour. */
  baseline: string;
  /** Amplified models, in the papers' colour. */
  amplified: string;
  /** Training curves of original models. */
  baselineTraining: string;
  /** Training curves of amplified models. */
  amplifiedTraining: string;
  /** For runs in the order in which they are given; the first two are `baseline` and `amplified`. */
  categories: readonly string[];
  /**
   * Of early to late, or small to large, with the same hues in both themes: violet is small and orange is large. Even
   * in lightness, and nowhere near the colour of the ground.
   */
  sequence: readonly (readonly [number, string])[];
  /** A template for Plotly: `layout.template`. */
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

// Original and amplified are Paul Tol's "bright" blue and red, in the dark theme lighter. The other categories, of the
// hues that one expects, were chosen in turn as those that lie furthest in Oklab from all before them as seen with normal
// sight and with each deficiency (test/figures/colours). Sequences go from violet (early, small) by magenta to orange
// (late, large) on either ground, without what would vanish on it; their lightness rises evenly.
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
    amplifiedTraining: "#294d0d",
    categories: ["#4477aa", "#dd4455", "#294d0d", "#d9a942", "#6f2e72", "#53b3d1", "#9b8f92", "#844d3a"],
    sequence: [
      [0, "#220064"],
      [0.1667, "#4f0178"],
      [0.3333, "#81017b"],
      [0.5, "#b2116d"],
      [0.6667, "#da3552"],
      [0.8333, "#f75e21"],
      [1, "#fe9300"],
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
    baselineTraining: "#6b7280",
    amplifiedTraining: "#b2eb93",
    categories: ["#77aadd", "#ff7788", "#b2eb93", "#9d712d", "#f7c2ff", "#2b85aa", "#c7babd", "#e5b28a"],
    sequence: [
      [0, "#5d4fb9"],
      [0.1667, "#9057be"],
      [0.3333, "#bf61b7"],
      [0.5, "#e86fa6"],
      [0.6667, "#fd8d95"],
      [0.8333, "#ffb39a"],
      [1, "#fed5b2"],
    ],
  }),
};

/**
 * The colours, fonts and Plotly template of a theme.
 *
 * @param name "light" or "dark". Default: "light"
 * @throws {RangeError} for another name
 * @internal
 */
export function theme(name: ThemeName = "light"): Theme {
  const found = Object.hasOwn(themes, name) ? themes[name] : undefined;
  if (!found) throw new RangeError(`Expected theme to be "light" or "dark" but found ${JSON.stringify(name)}`);
  return found;
}
