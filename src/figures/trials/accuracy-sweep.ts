import { baseLayout, type PanelFigureOptions } from "../parts/figure-options";
import { panelGrid, panelHeading } from "../parts/panel-grid";
import type { PlotlyAnnotation, PlotlyLayout, PlotlySpec, PlotlyTrace } from "../parts/plotly-spec";
import { rowsOf, type RowSource } from "../parts/row-source";
import { significant } from "../parts/significant";
import { theme } from "../parts/theme";
import { checkOneSetting } from "../../statistics";
import { accuracyTitle, trialTitle, type TrialRow } from "./trial-row";

/** How a sweep is laid out: what is varied along x, and what tells the panels apart. */
export interface SweepLayout {
  x: "ampRatio" | "ampFactor" | "threshold";
  xTitle: string;
  title: string;
  /** One column of panels for each value of these fields together. */
  across: readonly (keyof TrialRow)[];
  /** One row of panels for each. */
  down: readonly (keyof TrialRow)[];
  /** More rows of panels, where trials differ in these fields. */
  apart?: readonly (keyof TrialRow)[];
  /** What to do where no trial varies x. */
  remedy: string;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) =>
  Math.sqrt(
    mean(values.map((value) => (value - mean(values)) ** 2)) * (values.length / Math.max(1, values.length - 1)),
  );

function distinct(rows: readonly TrialRow[], fields: readonly (keyof TrialRow)[]): Map<string, TrialRow[]> {
  const groups = new Map<string, TrialRow[]>();
  for (const row of rows) {
    const key = fields.map((field) => trialTitle(row, field)).join(" · ");
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

/** What is averaged, or drawn over one another, are seeds of one setting and nothing else. */
function checkSeedsAlone(rows: readonly TrialRow[], where: string): void {
  checkOneSetting(rows, where);
  const seeds = new Map<number, TrialRow>();
  for (const row of rows) {
    const same = seeds.get(row.seed);
    // The same trial twice, as a sweep that shares runs has it.
    if (same !== undefined && !Object.is(same.accuracy, row.accuracy)) {
      throw new RangeError(
        `Expected one of the ${where} for each seed but found two for seed ${row.seed}, of accuracies ${same.accuracy} and ${row.accuracy}: keep one`,
      );
    }
    seeds.set(row.seed, row);
  }
}

/**
 * Accuracy of amplified models (red) against one parameter, beside the mean of the original ones (blue line), in a grid
 * of panels. What is averaged are seeds of one setting, anything else is refused. Several seeds become a mean with a bar of one standard deviation; trials whose accuracy is no finite
 * number are marked at the foot.
 */
export function accuracySweep(
  source: RowSource<TrialRow>,
  sweep: SweepLayout,
  options: PanelFigureOptions,
): PlotlySpec {
  const look = theme(options.theme);
  const rows = rowsOf(source).filter((row) => typeof row[sweep.x] === "number");
  if (rows.length === 0)
    throw new RangeError(`Expected trials with a number as ${sweep.x} but found none; ${sweep.remedy}`);
  // Only what differs within a panel takes it apart: each network may have a group of its own.
  const panelsOf = [...distinct(rows, [...sweep.across, ...sweep.down]).values()];
  const varying = (sweep.apart ?? []).filter((field) =>
    panelsOf.some((panel) => new Set(panel.map((row) => row[field] ?? null)).size > 1),
  );
  const down = [...sweep.down, ...varying];
  const columns = [...distinct(rows, sweep.across).keys()];
  const lines = [...distinct(rows, down).keys()];
  const panels = panelGrid(lines.length, columns.length, { x: 0.06, y: 0.24 });
  const data: PlotlyTrace[] = [];
  const layout: PlotlyLayout = {
    ...baseLayout(options, {
      title: lines.length === 1 && lines[0] ? `${sweep.title}: ${lines[0]}` : sweep.title,
      height: 150 + 180 * lines.length,
    }),
    showlegend: true,
  };
  const annotations: PlotlyAnnotation[] = [];
  for (const panel of panels) {
    const [line, across] = [lines[panel.row] ?? "", columns[panel.column] ?? ""];
    const own = (distinct(rows, down).get(line) ?? []).filter((row) =>
      (distinct(rows, sweep.across).get(across) ?? []).includes(row),
    );
    const axes = { xaxis: `x${panel.suffix}`, yaxis: `y${panel.suffix}` };
    const title = [lines.length > 1 ? line : "", across].filter((text) => text !== "").join(" · ");
    // A heading that says all lets panels stand wherever there is room.
    annotations.push(panelHeading(panel, own.length === 0 ? `${title}: not run` : title));
    // Plotly draws no axis without a trace.
    if (own.length === 0)
      data.push({ type: "scatter", mode: "markers", x: [null], y: [null], hoverinfo: "skip", showlegend: false, ...axes }); // prettier-ignore
    layout[`xaxis${panel.suffix}`] = {
      domain: panel.x,
      anchor: axes.yaxis,
      matches: panel.suffix === "" ? undefined : "x",
      title: { text: sweep.xTitle },
    } as PlotlyLayout["xaxis"] & object;
    layout[`yaxis${panel.suffix}`] = {
      domain: panel.y,
      anchor: axes.xaxis,
      tickformat: ".1%",
      nticks: 6,
      title: { text: accuracyTitle(rows) },
      // What is compared is on one scale.
      ...(panel.suffix === "" || options.scales === "own" ? {} : { matches: "y" }),
    };
    const xs = [...new Set(own.map((row) => row[sweep.x] as number))].sort((a, b) => a - b);
    for (const x of xs) {
      const where = `trials of ${title} at ${sweep.xTitle} ${x}`;
      checkSeedsAlone(own.filter((row) => row[sweep.x] === x), where); // prettier-ignore
    }
    const finite = xs
      .map((x) => own.filter((row) => row[sweep.x] === x).map((row) => row.accuracy))
      .map((values) => values.filter(Number.isFinite));
    const baselines = own.map((row) => row.baseline).filter((value) => value !== null);
    if (baselines.length > 0) {
      const level = mean(baselines);
      const spread = own.find((row) => row.baselineDeviation)?.baselineDeviation ?? 0;
      const ends = [xs[0] ?? 0, xs.at(-1) ?? 1];
      if (spread > 0)
        data.push({
          type: "scatter",
          mode: "none",
          x: [...ends, ...[...ends].reverse()],
          y: [level - spread, level - spread, level + spread, level + spread].map(significant),
          fill: "toself",
          fillcolor: `${look.baseline}33`,
          hoverinfo: "skip",
          showlegend: false,
          ...axes,
        });
      data.push({
        type: "scatter",
        mode: "lines",
        name: "original, mean",
        legendgroup: "original",
        showlegend: !data.some((trace) => trace.legendgroup === "original"),
        x: ends,
        y: ends.map(() => significant(level)),
        line: { color: look.baseline, width: 2 },
        hovertemplate: `<b>${title}</b><br>original models %{y:.2%}<extra></extra>`,
        ...axes,
      });
    }
    if (xs.length === 0) continue;
    const several = finite.some((values) => values.length > 1);
    data.push({
      type: "scatter",
      mode: "lines+markers",
      name: "amplified",
      legendgroup: "amplified",
      showlegend: !data.some((trace) => trace.legendgroup === "amplified"),
      x: xs,
      y: finite.map((values) => (values.length > 0 ? significant(mean(values)) : null)),
      line: { color: look.amplified, width: 1.8 },
      marker: { color: look.amplified, size: 6 },
      ...(several
        ? {
            error_y: {
              type: "data" as const,
              array: finite.map((values) => (values.length > 1 ? (significant(deviation(values)) ?? 0) : 0)),
              color: look.amplified,
              thickness: 1,
              width: 3,
            },
          }
        : {}),
      customdata: finite.map((values) => values.length),
      hovertemplate: `<b>${title}</b><br>${sweep.xTitle} %{x}<br>amplified %{y:.2%} (%{customdata} runs)<extra></extra>`,
      ...axes,
    });
    const broken = own.filter((row) => !Number.isFinite(row.accuracy));
    const shown = finite.flat();
    if (broken.length > 0)
      data.push({
        type: "scatter",
        mode: "markers",
        name: "diverged",
        legendgroup: "diverged",
        showlegend: !data.some((trace) => trace.legendgroup === "diverged"),
        x: broken.map((row) => row[sweep.x] as number),
        y: broken.map(() => significant(Math.min(...shown, ...baselines, 1))),
        marker: { symbol: "x", color: look.ink, size: 8 },
        hovertext: broken.map((row) => `<b>${title}</b><br>seed ${row.seed}: accuracy is ${row.accuracy}`),
        hoverinfo: "text",
        ...axes,
      });
  }
  for (const key of Object.keys(layout) as (keyof PlotlyLayout)[])
    if (String(key).startsWith("xaxis")) {
      const axis = layout[key as "xaxis"];
      if (axis && axis.matches === undefined) delete axis.matches;
    }
  return { data, layout: { ...layout, annotations } };
}
