import type { EpochRow } from "../rows";
import { baseLayout, type FigureOptions } from "./parts/figure-options";
import { panelsAcross, panelTitle } from "./parts/panels";
import type { PlotlyLayout, PlotlySpec, PlotlyTrace, ScatterTrace } from "./parts/plotly-spec";
import { namedRows, type RunSource } from "./parts/row-source";
import { runColours } from "./parts/run-colours";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";

export type Split = "train" | "validation" | "test";
export type Metric = "loss" | "accuracy";

export interface TrainingCurvesOptions extends FigureOptions {
  /** One panel each. Default: loss, and accuracy where there is any. */
  metrics?: readonly Metric[];
  /** Default: training and validation; training and test where nothing was validated. */
  splits?: readonly Split[];
  /** CSS colours by run name. Default: blue, red, … in the order of the runs. */
  colours?: Readonly<Record<string, string>>;
}

const dashes = { train: "dot", validation: "solid", test: "dash" } as const;
const columns = {
  loss: { train: "trainLoss", validation: "validationLoss", test: "testLoss" },
  accuracy: { train: "trainAccuracy", validation: "validationAccuracy", test: "testAccuracy" },
} as const;

/**
 * Loss and accuracy per epoch, training dotted and validation solid, of one or several runs.
 *
 * Figures 1 and 4 of "Analysis of Vanishing gradient problem". Epochs without a value leave a gap.
 *
 * @param source A run, several runs, epoch rows, or a table of them.
 * @throws {RangeError} if there are no epoch rows or none of the wanted values
 * @example
 * import * as ga from "gradamp";
 * const run = { name: "VGG08", epochs: [1, 2].map((epoch) => ({
 *   epoch, learningRate: 1e-3, trainLoss: 4 / epoch, trainAccuracy: 0.1 * epoch, validationLoss: 4.2 / epoch,
 *   validationAccuracy: 0.09 * epoch, testLoss: null, testAccuracy: null, seconds: 1, imagesPerSecond: 1000,
 *   amplifiedLayers: 0,
 * })) };
 * const figure = ga.figure.trainingCurves([run]);
 */
export function trainingCurves(source: RunSource<EpochRow>, options: TrainingCurvesOptions = {}): PlotlySpec {
  const look = theme(options.theme);
  const runs = namedRows(source, "epochs");
  const has = (metric: Metric, split: Split) =>
    runs.some(({ rows }) => rows.some((row) => typeof row[columns[metric][split]] === "number"));
  const metrics = options.metrics ?? (has("accuracy", "train") ? ["loss", "accuracy"] : ["loss"]);
  const splits =
    options.splits ?? (has("loss", "validation") || !has("loss", "test") ? ["train", "validation"] : ["train", "test"]);
  const colours = runColours(
    runs.map(({ name }) => name),
    look,
    options.colours,
  );
  const longest = Math.max(...runs.map(({ rows }) => rows.length));
  const panels = panelsAcross(metrics.length, 0.1);
  const data: PlotlyTrace[] = [];
  const layout: PlotlyLayout = {
    ...baseLayout(options, { title: "Training curves", height: 460 }),
    hovermode: "closest",
    showlegend: true,
    legend: { orientation: "h", x: 0, y: 0.01, xanchor: "left", yanchor: "bottom", yref: "container" },
    annotations: panels.map((panel, at) => panelTitle(panel, metrics[at] === "loss" ? "Loss" : "Accuracy")),
  };
  panels.forEach((panel, at) => {
    const metric = metrics[at] as Metric;
    const seen = new Set<string>();
    for (const { name, rows } of runs) {
      const few = rows.length <= 20;
      for (const split of splits) {
        const y = rows.map((row) => significant(row[columns[metric][split]]));
        if (y.every((value) => value === null)) continue;
        const label = name === "" ? split : `${name}, ${split}`;
        const colour =
          name === "" ? (look.categories[splits.indexOf(split)] ?? look.ink) : (colours.get(name) ?? look.ink);
        const format = metric === "accuracy" ? ".1%" : ".4f";
        seen.add(label);
        data.push({
          type: "scatter",
          mode: few ? "lines+markers" : "lines",
          name: label,
          legendgroup: label,
          showlegend: at === 0 || !data.some((trace) => trace.name === label),
          x: rows.map((row) => row.epoch),
          y,
          xaxis: `x${panel.suffix}`,
          yaxis: `y${panel.suffix}`,
          line: { color: colour, width: split === "train" ? 1.6 : 2.2, dash: dashes[split] },
          marker: { color: colour, size: 5, symbol: split === "train" ? "circle-open" : "circle" },
          hovertemplate: `<b>${label}</b><br>epoch %{x}<br>${metric} %{y:${format}}<extra></extra>`,
        } satisfies ScatterTrace);
      }
    }
    if (seen.size === 0)
      throw new RangeError(
        `Expected epoch rows with ${metric} of ${splits.join(" or ")} but found none; choose other splits`,
      );
    layout[`xaxis${panel.suffix}`] = {
      title: { text: "epoch" },
      domain: panel.domain,
      tickformat: "d",
      ...(longest <= 12 ? { tick0: 1, dtick: 1 } : {}),
    };
    layout[`yaxis${panel.suffix}`] = {
      anchor: `x${panel.suffix}`,
      title: { text: metric === "loss" ? "cross-entropy" : "accuracy" },
      ...(metric === "accuracy" ? { tickformat: ".0%", rangemode: "tozero" as const } : {}),
    };
  });
  return { data, layout };
}
