import { checkOptions, checkRows } from "../../options";
import type { EpochRow } from "../../rows";
import { epochAxis } from "../parts/epoch-axis";
import { PANEL_KINDS, baseLayout, type PanelFigureOptions } from "../parts/figure-options";
import { panelGrid, panelHeading } from "../parts/panel-grid";
import type { PlotlyLayout, PlotlySpec, PlotlyTrace } from "../parts/plotly-spec";
import { lineMode } from "../parts/line-mode";
import { significant } from "../parts/significant";
import { theme } from "../parts/theme";

/** The original runs of a model and the best amplified one. */
export interface ModelComparison {
  /** Name of the network, the title of its panel. */
  model: string;
  /** Runs without amplification, one a seed. */
  originals: readonly { epochs: readonly EpochRow[] }[];
  /** The best amplified run; null where there is none. */
  amplified: { name?: string; epochs: readonly EpochRow[] } | null;
}

/**
 * The range of the accuracies after the first fifth of the training: what models are compared by lies there, and the way
 * up from chance would squeeze it.
 */
function lateRange(models: readonly ModelComparison[]): [number, number] {
  const values = models.flatMap(({ originals, amplified }) =>
    [...originals, ...(amplified ? [amplified] : [])].flatMap(({ epochs }) => {
      const last = Math.max(...epochs.map(({ epoch }) => epoch));
      return epochs
        .filter(({ epoch }) => epoch > 0.2 * last)
        .flatMap(({ trainAccuracy, testAccuracy }) => [trainAccuracy, testAccuracy])
        .filter((value) => value !== null && Number.isFinite(value)) as number[];
    }),
  );
  const [low, high] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const room = 0.05 * (high - low || 0.1);
  return [Number(Math.max(0, low - room).toFixed(4)), Number((high + room).toFixed(4))];
}

type Metric = "trainAccuracy" | "testAccuracy";

function meanOf(runs: ModelComparison["originals"], metric: Metric): { x: number[]; y: (number | null)[] } {
  const epochs = [...new Set(runs.flatMap((run) => run.epochs.map(({ epoch }) => epoch)))].sort((a, b) => a - b);
  const y = epochs.map((epoch) => {
    const values = runs.flatMap((run) => run.epochs.find((row) => row.epoch === epoch)?.[metric] ?? []);
    return values.length > 0 ? significant(values.reduce((sum, value) => sum + value, 0) / values.length) : null;
  });
  return { x: epochs, y };
}

/**
 * Accuracy per epoch of the best amplified model beside the original ones, a panel a model: original training gray and
 * testing blue (each run pale, their mean strong), amplified training green and testing red.
 *
 * Figure 7 of "Gradient Amplification" (2020) and figure 11 of "Intelligent gradient amplification" (2023). Test
 * accuracy of every epoch is needed: train with `test: "epoch"`.
 *
 * @param models One panel each.
 * @param options Title, size and theme; panels may have ranges of their own.
 * @throws {RangeError} if there is nothing to draw
 * @example
 * import * as ga from "gradamp";
 * const epochs = [1, 2].map((epoch) => ({
 *   epoch, learningRate: 0.1, trainLoss: 1, trainAccuracy: 0.4 * epoch, validationLoss: null, validationAccuracy: null,
 *   testLoss: 1, testAccuracy: 0.35 * epoch, seconds: 1, imagesPerSecond: 1, amplifiedLayers: 0,
 * }));
 * const figure = ga.figure.bestModels([{ model: "VGG-19", originals: [{ epochs }], amplified: { epochs } }]);
 */
export function bestModels(models: readonly ModelComparison[], options: PanelFigureOptions = {}): PlotlySpec {
  checkOptions("figure.bestModels", options, PANEL_KINDS);
  checkRows(models, "a list of models and their runs");
  const look = theme(options.theme);
  if (models.length === 0) throw new RangeError("Expected at least one model to compare but found none");
  const columns = Math.min(3, models.length);
  const panels = panelGrid(Math.ceil(models.length / columns), columns, { x: 0.06, y: 0.3 });
  const data: PlotlyTrace[] = [];
  const layout: PlotlyLayout = {
    ...baseLayout(options, { title: "Best models", height: 150 + 300 * Math.ceil(models.length / columns) }),
    showlegend: true,
    annotations: models.flatMap(({ model }, at) => (panels[at] ? [panelHeading(panels[at], model)] : [])),
  };
  const epochs = epochAxis(
    models.flatMap(({ originals, amplified }) =>
      [...originals, ...(amplified ? [amplified] : [])].flatMap((run) => run.epochs.map(({ epoch }) => epoch)),
    ),
  );
  models.forEach(({ model, originals, amplified }, at) => {
    const panel = panels[at];
    if (!panel) return;
    const axes = { xaxis: `x${panel.suffix}`, yaxis: `y${panel.suffix}` };
    const add = (name: string, color: string, x: readonly number[], y: readonly (number | null)[], pale: boolean) => {
      if (y.every((value) => value === null)) return;
      data.push({
        type: "scatter",
        mode: lineMode(y),
        name,
        legendgroup: name,
        showlegend: !pale && !data.some((trace) => trace.name === name && trace.showlegend),
        x,
        y,
        line: { color, width: pale ? 1 : 1.8 },
        ...(pale ? { opacity: 0.55, hoverinfo: "skip" as const } : {}),
        ...(pale ? {} : { hovertemplate: `<b>${model}</b>, ${name}<br>epoch %{x}<br>%{y:.2%}<extra></extra>` }),
        ...axes,
      });
    };
    for (const [metric, name, color] of [
      ["trainAccuracy", "original, training", look.baselineTraining],
      ["testAccuracy", "original, testing", look.baseline],
    ] as const) {
      if (originals.length > 1)
        for (const { epochs } of originals)
          add(
            name,
            color,
            epochs.map(({ epoch }) => epoch),
            epochs.map((row) => significant(row[metric])),
            true,
          );
      const { x, y } = meanOf(originals, metric);
      add(originals.length > 1 ? `${name} (mean)` : name, color, x, y, false);
    }
    for (const [metric, name, color] of [
      ["trainAccuracy", "amplified, training", look.amplifiedTraining],
      ["testAccuracy", "amplified, testing", look.amplified],
    ] as const) {
      const epochs = amplified?.epochs ?? [];
      add(
        name,
        color,
        epochs.map(({ epoch }) => epoch),
        epochs.map((row) => significant(row[metric])),
        false,
      );
    }
    layout[`xaxis${panel.suffix}`] = { ...epochs, domain: panel.x, anchor: axes.yaxis };
    layout[`yaxis${panel.suffix}`] = {
      domain: panel.y,
      anchor: axes.xaxis,
      tickformat: ".0%",
      title: { text: "accuracy" },
      ...(options.scales === "own" ? {} : { range: lateRange(models) }),
      // What is compared is on one scale.
      ...(at === 0 || options.scales === "own" ? {} : { matches: "y" }),
    };
  });
  if (data.length === 0) throw new RangeError('Found no accuracies per epoch in these runs; train with test: "epoch"');
  return { data, layout };
}
