import { checkOptions } from "../options";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import type { PlotlySpec } from "./parts/plotly-spec";
import { rowsOf, type RowSource } from "./parts/row-source";
import { sequenceColour } from "./parts/sequence-colour";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";
import { trialTitle, type TrialRow } from "./trials/trial-row";
import { colourBar } from "./parts/colour-bar";

/**
 * All trials at a glance: a row for each model and group of layers, a column for each schedule; each field says how many
 * trials there are and is coloured by the best gain over the original models (red gains, blue losses).
 *
 * Figure 3 of "Gradient Amplification" (2020), "Overview of all the experiments performed by varying different
 * parameters"; the colour is ours. Where every trial of a field diverged, it says so.
 *
 * @param source Trials, or a table of them.
 * @param options Title, size and theme.
 * @throws {RangeError} if there are none
 * @example
 * import * as ga from "gradamp";
 * const trial = { model: "VGG-19", dataset: "cifar-10", ampFactor: 2, threshold: null, directionality: null, sides: null,
 *   seed: 0, baseline: 0.9108, ampRatio: 0.1, strategy: "S2_0.1_xx" };
 * const figure = ga.figure.experimentOverview([
 *   { ...trial, group: "bn", accuracy: 0.93 },
 *   { ...trial, group: "relu", accuracy: 0.92 },
 * ]);
 */
export function experimentOverview(source: RowSource<TrialRow>, options: FigureOptions = {}): PlotlySpec {
  checkOptions("figure.experimentOverview", options, FIGURE_KINDS);
  const look = theme(options.theme);
  const rows = rowsOf(source);
  if (rows.length === 0) throw new RangeError("Expected trials to draw but found none");
  const kind = (row: TrialRow) =>
    row.directionality === null
      ? `${row.model} · ${trialTitle(row, "group")}`
      : `${row.model} · ${trialTitle(row, "directionality")}, ${trialTitle(row, "sides")}`;
  const schedule = (row: TrialRow) => row.strategy ?? (row.threshold === null ? "other" : "thresholds");
  const kinds = [...new Set(rows.map(kind))];
  const schedules = [...new Set(rows.map(schedule))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const fields = kinds.map((name) =>
    schedules.map((column) => rows.filter((row) => kind(row) === name && schedule(row) === column)),
  );
  const gains = fields.map((line) =>
    line.map((trials) => {
      const found = trials.flatMap(({ accuracy, baseline }) =>
        baseline === null || !Number.isFinite(accuracy) ? [] : [100 * (accuracy - baseline)],
      );
      return found.length > 0 ? significant(Math.max(...found)) : null;
    }),
  );
  const towards = (colour: string) =>
    sequenceColour(
      [
        [0, look.ground],
        [1, colour],
      ],
      0.65,
    );
  const largest = Math.max(0.1, ...gains.flat().map((gain) => Math.abs(gain ?? 0)));
  return {
    data: [
      {
        type: "heatmap",
        x: schedules,
        y: kinds,
        z: gains,
        zmin: -largest,
        zmax: largest,
        colorscale: [
          // Not the full colours: the text in the fields must stay readable on them.
          [0, towards(look.baseline)],
          [0.5, look.ground],
          [1, towards(look.amplified)],
        ],
        xgap: 2,
        ygap: 2,
        hoverongaps: false,
        colorbar: colourBar("best gain (points)", { nticks: 5 }),
        hovertemplate: "<b>%{y}</b><br>%{x}<br>best gain %{z:+.2f} points<extra></extra>",
      },
    ],
    layout: {
      ...baseLayout(options, { title: "Overview of the experiments", height: 170 + 38 * kinds.length }),
      // A field that was not run is no field without a gain.
      plot_bgcolor: look.grid,
      xaxis: { type: "category", categoryorder: "array", categoryarray: schedules, side: "bottom", showgrid: false },
      yaxis: { type: "category", categoryorder: "array", categoryarray: kinds, autorange: "reversed", showgrid: false },
      annotations: fields.flatMap((line, y) =>
        line.flatMap((trials, x) => {
          const field = { x: schedules[x] ?? "", y: kinds[y] ?? "", room: 1, showarrow: false };
          if (trials.length === 0) return [{ ...field, text: "not run", font: { size: 10, color: look.faint } }];
          const gain = gains[y]?.[x];
          const diverged = trials.filter(({ accuracy }) => !Number.isFinite(accuracy)).length;
          // The most important first: a narrow field loses its last lines.
          const notes = [
            ...(typeof gain === "number" ? [`${gain >= 0 ? "+" : "−"}${Math.abs(gain).toFixed(2)}`] : []),
            ...(diverged > 0 ? [`${diverged} diverged`] : []),
            `${trials.length} ${trials.length === 1 ? "trial" : "trials"}`,
          ];
          return [{ ...field, text: notes.join("<br>"), font: { size: 11 } }];
        }),
      ),
    },
  };
}
