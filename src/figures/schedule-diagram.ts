import { checkOptions, checkRows } from "../options";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import type { PlotlyAnnotation, PlotlyShape, PlotlySpec, PlotlyTrace } from "./parts/plotly-spec";
import { theme } from "./parts/theme";

/** One stage of a schedule, as `Stage` of the amplification has it. */
export interface ScheduleStage {
  /** Its last epoch, from 1 and inclusive. */
  end: number;
  /** η; null where the optimizer's own schedule says it. */
  learningRate?: number | null;
  /** β; 0 amplifies nothing. A string where a sweep varies it ("xx") or something else decides ("layers by G"). */
  ampRatio: number | string;
  /** Γ. */
  ampFactor: number;
}

/** A schedule with the name that its row in the figure has. */
export interface NamedSchedule {
  /** What the row is called. */
  name: string;
  /** In order; each ends after the one before it. */
  stages: readonly ScheduleStage[];
}

/**
 * Training schedules as bars along the epochs: learning rate of each stage, and which stages amplify.
 *
 * Figures 1 and 2 of "Gradient Amplification" (2020), figure 1 of "Intelligent gradient amplification" (2023).
 *
 * @param schedules From top to bottom.
 * @param options Title, size and theme.
 * @throws {RangeError} if there is no schedule or one has no stages
 * @example
 * import * as ga from "gradamp";
 * const figure = ga.figure.scheduleDiagram([
 *   { name: "step 1", stages: [
 *     { end: 50, learningRate: 0.1, ampRatio: 0, ampFactor: 1 },
 *     { end: 100, learningRate: 0.1, ampRatio: "xx", ampFactor: 2 },
 *     { end: 150, learningRate: 0.01, ampRatio: 0, ampFactor: 1 },
 *   ] },
 * ]);
 */
export function scheduleDiagram(schedules: readonly NamedSchedule[], options: FigureOptions = {}): PlotlySpec {
  checkOptions("figure.scheduleDiagram", options, FIGURE_KINDS);
  checkRows(schedules, "a list of schedules, { name, stages },");
  const look = theme(options.theme);
  if (schedules.length === 0) throw new RangeError("Expected at least one schedule but found none");
  const shapes: PlotlyShape[] = [];
  const annotations: PlotlyAnnotation[] = [];
  const data: PlotlyTrace[] = [];
  const rates = [...new Set(schedules.flatMap(({ stages }) => stages.map(({ learningRate }) => learningRate ?? 0)))];
  rates.sort((a, b) => b - a);
  schedules.forEach(({ name, stages }, at) => {
    if (stages.length === 0) throw new RangeError(`Expected schedule ${name} to have stages but found none`);
    let start = 0;
    for (const { end, learningRate, ampRatio, ampFactor } of stages) {
      const amplifies = ampRatio !== 0;
      // The lower the rate, the lower the bar, as steps of a staircase.
      const height = 0.8 - 0.3 * (rates.indexOf(learningRate ?? 0) / Math.max(1, rates.length - 1));
      const [y0, y1] = [-at - 0.4, -at - 0.4 + height];
      shapes.push({
        type: "rect",
        x0: start + 0.5,
        x1: end + 0.5,
        y0,
        y1,
        fillcolor: `${amplifies ? look.amplified : look.baseline}${amplifies ? "59" : "2e"}`,
        line: { color: look.ground, width: 2 },
        layer: "below",
      });
      const which = typeof ampRatio === "number" || /^x+$/.test(ampRatio) ? `β = ${ampRatio}` : ampRatio;
      const rate = learningRate === null || learningRate === undefined ? "η by schedule" : `η = ${learningRate}`;
      const text = amplifies ? `<b>${rate}</b><br>${which}, Γ = ${ampFactor}` : `<b>${rate}</b><br>no amplification`;
      annotations.push({
        text,
        room: end - start,
        x: (start + end + 1) / 2,
        y: (y0 + y1) / 2,
        showarrow: false,
        font: { size: 12 },
      });
      data.push({
        type: "scatter",
        mode: "markers",
        x: [(start + end + 1) / 2],
        y: [(y0 + y1) / 2],
        marker: { size: 30, opacity: 0 },
        hovertemplate: `<b>${name}</b>, epochs ${start + 1}–${end}<br>${text}<extra></extra>`,
        showlegend: false,
      });
      start = end;
    }
  });
  const ends = [...new Set(schedules.flatMap(({ stages }) => stages.map(({ end }) => end)))].sort((a, b) => a - b);
  return {
    data,
    layout: {
      ...baseLayout(options, { title: "Training schedule", height: 150 + 110 * schedules.length }),
      shapes,
      annotations,
      xaxis: {
        type: "linear",
        title: { text: "epoch" },
        range: [0, (ends.at(-1) ?? 1) + 1],
        tickmode: "array",
        tickvals: [1, ...ends],
        showgrid: true,
      },
      yaxis: {
        range: [-schedules.length + 0.45, 0.55],
        tickmode: "array",
        tickvals: schedules.map((_, at) => -at),
        ticktext: schedules.map(({ name }) => name),
        showgrid: false,
        showline: false,
        ticks: "",
      },
    },
  };
}
