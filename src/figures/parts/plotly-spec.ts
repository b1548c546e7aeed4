/**
 * The part of Plotly's figure schema that this project draws with, typed by hand: the community types of Plotly are
 * larger than its documentation and lag behind it.
 */

/** A figure as Plotly reads it: `Plotly.newPlot(element, spec.data, spec.layout, spec.config)`. */
export interface PlotlySpec {
  data: PlotlyTrace[];
  layout: PlotlyLayout;
  config?: PlotlyConfig;
}

/** A number or a category; null leaves a gap. */
export type PlotlyValue = number | string | null;

/** `[position from 0 to 1, CSS colour]` pairs, or the name of a scale that Plotly knows. */
export type PlotlyColorScale = readonly (readonly [number, string])[] | string;

/** How a line is drawn. */
export interface PlotlyLine {
  color?: string;
  width?: number;
  dash?: "solid" | "dot" | "dash" | "dashdot" | "longdash";
  shape?: "linear" | "hv" | "spline";
}

/** The scale beside colours that stand for numbers. */
export interface PlotlyColorBar {
  title?: { text: string; side?: "right" | "top"; font?: PlotlyFont };
  tickmode?: "array" | "auto";
  tickvals?: readonly number[];
  ticktext?: readonly string[];
  nticks?: number;
  tickformat?: string;
  exponentformat?: "power";
  thickness?: number;
  len?: number;
  outlinewidth?: number;
  x?: number;
  y?: number;
}

/** How points and bars are drawn. */
export interface PlotlyMarker {
  color?: string | readonly (string | number)[];
  size?: number | readonly number[];
  symbol?: string | readonly string[];
  opacity?: number;
  line?: { color?: string; width?: number };
  colorscale?: PlotlyColorScale;
  cmin?: number;
  cmax?: number;
  showscale?: boolean;
  colorbar?: PlotlyColorBar;
  pattern?: { shape?: string; fgcolor?: string };
}

/** How far an error bar reaches to either side, in data units. */
export interface PlotlyErrorBar {
  type: "data";
  array: readonly number[];
  arrayminus?: readonly number[];
  color?: string;
  thickness?: number;
  width?: number;
}

interface CommonTrace {
  name?: string;
  legendgroup?: string;
  legendrank?: number;
  showlegend?: boolean;
  hovertemplate?: string;
  hovertext?: readonly string[];
  hoverinfo?: "skip" | "text" | "all";
  customdata?: readonly (PlotlyValue | readonly PlotlyValue[])[];
  text?: string | readonly string[];
  opacity?: number;
  xaxis?: string;
  yaxis?: string;
}

/** Points, lines or text. */
export interface ScatterTrace extends CommonTrace {
  type: "scatter";
  mode: "lines" | "markers" | "lines+markers" | "text" | "markers+text" | "none";
  x: readonly PlotlyValue[];
  y: readonly PlotlyValue[];
  line?: PlotlyLine;
  marker?: PlotlyMarker;
  fill?: "none" | "tozeroy" | "tonexty" | "toself";
  fillcolor?: string;
  connectgaps?: boolean;
  error_y?: PlotlyErrorBar;
  textposition?: string;
  textfont?: PlotlyFont;
  cliponaxis?: boolean;
}

/** Bars. */
export interface BarTrace extends CommonTrace {
  type: "bar";
  x: readonly PlotlyValue[];
  y: readonly PlotlyValue[];
  orientation?: "v" | "h";
  width?: number | readonly number[];
  base?: number | readonly number[];
  marker?: PlotlyMarker;
  error_y?: PlotlyErrorBar;
  textposition?: "none" | "inside" | "outside" | "auto";
  textfont?: PlotlyFont;
  cliponaxis?: boolean;
}

/** A grid of coloured cells. */
export interface HeatmapTrace extends CommonTrace {
  type: "heatmap";
  x: readonly PlotlyValue[];
  y: readonly PlotlyValue[];
  z: readonly (readonly (number | null)[])[];
  colorscale?: PlotlyColorScale;
  zmin?: number;
  zmax?: number;
  xgap?: number;
  ygap?: number;
  showscale?: boolean;
  colorbar?: PlotlyColorBar;
  hoverongaps?: boolean;
}

/** A picture that fills its panel. */
export interface ImageTrace extends CommonTrace {
  type: "image";
  /** As a `data:` address. */
  source: string;
  x: readonly PlotlyValue[];
  y: readonly PlotlyValue[];
}

/** Anything that a figure of this project draws. */
export type PlotlyTrace = ScatterTrace | BarTrace | HeatmapTrace | ImageTrace;

/** How text is set. */
export interface PlotlyFont {
  family?: string;
  size?: number;
  color?: string;
  weight?: number | "bold" | "normal";
}

/** One axis: its range, ticks and title. */
export interface PlotlyAxis {
  title?: { text: string; standoff?: number; font?: PlotlyFont };
  type?: "linear" | "log" | "category" | "multicategory";
  range?: readonly [number, number];
  rangemode?: "normal" | "tozero" | "nonnegative";
  domain?: readonly [number, number];
  anchor?: string;
  matches?: string;
  autorange?: boolean | "reversed";
  categoryorder?: "trace" | "array";
  categoryarray?: readonly string[];
  tickangle?: number;
  tickfont?: PlotlyFont;
  tickformat?: string;
  separatethousands?: boolean;
  tickmode?: "array" | "auto" | "linear";
  tickvals?: readonly PlotlyValue[];
  ticktext?: readonly string[];
  ticksuffix?: string;
  tick0?: number;
  dtick?: number | string;
  nticks?: number;
  /** Whether ticks between the powers of ten of a logarithmic axis are labelled. */
  minorloglabels?: "none" | "complete" | "small digits";
  exponentformat?: "power" | "e" | "none";
  showexponent?: "all" | "none";
  showgrid?: boolean;
  showline?: boolean;
  showticklabels?: boolean;
  ticks?: "" | "outside" | "inside";
  ticklen?: number;
  tickcolor?: string;
  gridcolor?: string;
  linecolor?: string;
  zeroline?: boolean;
  zerolinecolor?: string;
  automargin?: boolean;
  fixedrange?: boolean;
  scaleanchor?: string;
  constrain?: "domain" | "range";
  visible?: boolean;
  side?: "left" | "right" | "top" | "bottom";
}

/** A piece of text at a place, with or without an arrow. */
export interface PlotlyAnnotation {
  text: string;
  /** "panel" is the heading of a panel, above it. */
  name?: string;
  /**
   * The width of the field that the text is written in, in units of its x axis; its lines are dropped from the last on
   * until it fits. Plotly is not shown this.
   */
  room?: number;
  x: number | string;
  y: number | string;
  xref?: string;
  yref?: string;
  xanchor?: "left" | "center" | "right";
  yanchor?: "top" | "middle" | "bottom";
  xshift?: number;
  yshift?: number;
  ax?: number | string;
  ay?: number | string;
  axref?: string;
  ayref?: string;
  showarrow: boolean;
  arrowhead?: number;
  arrowwidth?: number;
  arrowcolor?: string;
  align?: "left" | "center" | "right";
  font?: PlotlyFont;
  bgcolor?: string;
  textangle?: number;
}

/** A line, rectangle or path behind or above the data. */
export interface PlotlyShape {
  type: "line" | "rect" | "path";
  x0?: number | string;
  x1?: number | string;
  y0?: number | string;
  y1?: number | string;
  path?: string;
  xref?: string;
  yref?: string;
  layer?: "above" | "below";
  fillcolor?: string;
  opacity?: number;
  line?: PlotlyLine;
}

/** Where the legend stands. */
export interface PlotlyLegend {
  orientation?: "h" | "v";
  x?: number;
  y?: number;
  xanchor?: "left" | "center" | "right";
  yanchor?: "top" | "middle" | "bottom";
  xref?: "paper" | "container";
  /** "container" measures y from the edge of the whole figure instead of the plot. */
  yref?: "paper" | "container";
  traceorder?: "normal" | "reversed" | "grouped";
  bgcolor?: string;
  font?: PlotlyFont;
}

/** Everything around the data: title, axes, legend, margins. */
export interface PlotlyLayout {
  title?: {
    text: string;
    x?: number;
    y?: number;
    xanchor?: "left" | "center";
    yanchor?: "top" | "middle" | "bottom";
    yref?: "paper" | "container";
    font?: PlotlyFont;
  };
  template?: { layout: PlotlyLayout };
  width?: number;
  height?: number;
  font?: PlotlyFont;
  margin?: { l?: number; r?: number; t?: number; b?: number; pad?: number };
  paper_bgcolor?: string;
  plot_bgcolor?: string;
  colorway?: readonly string[];
  hovermode?: "closest" | "x" | "x unified" | false;
  hoverlabel?: { font?: PlotlyFont; bgcolor?: string; namelength?: number };
  showlegend?: boolean;
  uirevision?: string;
  legend?: PlotlyLegend;
  barmode?: "group" | "overlay" | "stack" | "relative";
  bargap?: number;
  annotations?: readonly PlotlyAnnotation[];
  shapes?: readonly PlotlyShape[];
  meta?: Record<string, string | number | boolean>;
  [axis: `xaxis${string}`]: PlotlyAxis;
  [axis: `yaxis${string}`]: PlotlyAxis;
}

/** What the figure does in a page: its toolbar, and whether it follows the width of the page. */
export interface PlotlyConfig {
  responsive?: boolean;
  displaylogo?: boolean;
  displayModeBar?: boolean | "hover";
  scrollZoom?: boolean;
  staticPlot?: boolean;
  /** Where figures would be sent; empty for nowhere. */
  plotlyServerURL?: string;
  modeBarButtons?: readonly (readonly string[])[];
  toImageButtonOptions?: { filename?: string; format?: "png" | "svg"; scale?: number };
}
