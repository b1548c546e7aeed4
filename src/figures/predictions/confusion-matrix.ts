import { checkArgument, checkList, checkOptions, texts } from "../../options";
import { colourBar } from "../parts/colour-bar";
import { FIGURE_KINDS, baseLayout, type FigureOptions } from "../parts/figure-options";
import type { PlotlySpec } from "../parts/plotly-spec";
import { sequenceColour } from "../parts/sequence-colour";
import { significant } from "../parts/significant";
import { theme } from "../parts/theme";

/** What a network said of samples: the right class of each and the one that it chose, as whole numbers from 0. */
export interface Predictions {
  /** The class of each sample, counted from 0. */
  labels: ArrayLike<number>;
  /** The class that the model gave it. */
  predicted: ArrayLike<number>;
}

/** Options of `ga.figure.confusionMatrix`. */
export interface ConfusionMatrixOptions extends FigureOptions {
  /** Names of the classes, in their order. Default: their numbers. */
  classes?: readonly string[];
}

/**
 * How often samples of each class (rows) were taken for each class (columns), as shares of the row; the diagonal is
 * what was right.
 *
 * @param source Predictions, or a square matrix of counts whose rows are the right classes.
 * @param options Any of `ConfusionMatrixOptions`; none is needed.
 * @throws {RangeError} for lists of different lengths, a matrix that is not square, and classes that are no whole
 *   numbers
 * @example
 * import * as ga from "gradamp";
 * const figure = ga.figure.confusionMatrix(
 *   { labels: [0, 0, 1, 1, 2], predicted: [0, 1, 1, 1, 2] },
 *   { classes: ["cat", "dog", "ship"] },
 * );
 */
export function confusionMatrix(
  source: Predictions | readonly (readonly number[])[],
  options: ConfusionMatrixOptions = {},
): PlotlySpec {
  checkOptions("figure.confusionMatrix", options, { ...FIGURE_KINDS, classes: texts });
  checkArgument(source, "predictions, { labels, predicted }, or a matrix of counts");
  if (!("labels" in source)) {
    checkList(source, "predictions, { labels, predicted }, or a matrix of counts");
    source.forEach((row) => checkList(row, "a row of counts for each class"));
  }
  const look = theme(options.theme);
  const counts = "labels" in source ? counted(source, options.classes?.length ?? 0) : source.map((row) => [...row]);
  const size = counts.length;
  if (size === 0) throw new RangeError("Expected predictions to draw but found none");
  for (const row of counts)
    if (row.length !== size)
      throw new RangeError(`Expected a square matrix but found a row of ${row.length} in one of ${size} rows`);
  const names = options.classes ?? counts.map((_, at) => String(at));
  if (names.length !== size) throw new RangeError(`Expected the names of ${size} classes but found ${names.length}`);
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const all = totals.reduce((sum, total) => sum + total, 0);
  const right = counts.reduce((sum, row, at) => sum + row[at]!, 0);
  const shares = counts.map((row, at) =>
    row.map((count) => (totals[at]! > 0 ? significant(count / totals[at]!) : null)),
  );
  const strongest = sequenceColour([[0, look.ground], [1, look.baseline]], 0.75); // prettier-ignore
  const numbers = size <= 12;
  return {
    data: [
      {
        type: "heatmap",
        x: names,
        y: names,
        z: shares,
        zmin: 0,
        zmax: 1,
        // Text stays readable on the strongest colour.
        colorscale: [
          [0, look.ground],
          [1, strongest],
        ],
        xgap: size <= 30 ? 1 : 0,
        ygap: size <= 30 ? 1 : 0,
        customdata: counts as never,
        hoverongaps: false,
        colorbar: colourBar("share of the class", { tickformat: ".0%", nticks: 5 }),
        hovertemplate: "<b>%{y}</b> taken for <b>%{x}</b><br>%{customdata} samples, %{z:.1%}<extra></extra>",
      },
    ],
    layout: {
      ...baseLayout(options, {
        title: `Confusion of classes, ${((100 * right) / (all || 1)).toFixed(1)}% right`,
        height: Math.max(420, Math.min(900, 180 + 30 * size)),
      }),
      plot_bgcolor: look.grid,
      annotations: numbers
        ? shares.flatMap((row, y) =>
            row.flatMap((share, x) =>
              share === null || share === 0
                ? []
                : [
                    {
                      text: `${Math.round(100 * share)}%<br>${counts[y]![x]}`,
                      x: names[x]!,
                      y: names[y]!,
                      room: 1,
                      showarrow: false,
                      font: { size: 11 },
                    },
                  ],
            ),
          )
        : [],
      xaxis: {
        type: "category",
        categoryorder: "array",
        categoryarray: names,
        title: { text: "taken for" },
        showgrid: false,
      },
      yaxis: {
        type: "category",
        categoryorder: "array",
        categoryarray: names,
        autorange: "reversed",
        title: { text: "is" },
        showgrid: false,
      },
    },
  };
}

function counted({ labels, predicted }: Predictions, atLeast: number): number[][] {
  if (labels.length !== predicted.length)
    throw new RangeError(`Expected a prediction for each of ${labels.length} labels but found ${predicted.length}`);
  const [right, said] = [Array.from(labels), Array.from(predicted)];
  const odd = [...right, ...said].find((value) => !Number.isInteger(value) || value < 0);
  if (odd !== undefined) throw new RangeError(`Expected classes to be whole numbers from 0 but found ${odd}`);
  let size = atLeast;
  for (const value of [...right, ...said]) size = Math.max(size, value + 1);
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  right.forEach((label, at) => counts[label]![said[at]!]!++);
  return counts;
}
