import * as figures from "../../src/figures";
import type { GalleryFigure } from "./gallery-examples";
import { exampleEpochs, exampleGradients, exampleRun, vggLayers } from "./example-rows";

const names = [
  "resnet-50, amplified, seed 1",
  "resnet-50, original, seed 1",
  "a_name_without_any_space_in_it_at_all_2026",
];
const runs = names.flatMap((name, at) =>
  [1, 2].map((seed) =>
    exampleRun(`${name} ${seed}`, { blocks: 1, batchNorm: true, epochs: 3, decades: 2 + at, best: 0.3 + 0.1 * at }),
  ),
);
const zeros = exampleGradients(vggLayers(5, true), 6, 3).map((row) =>
  row.index % 7 === 0 ? { ...row, meanAbs: row.index % 2 === 0 ? 0 : NaN } : row,
);

/** What strains a layout: long names, many entries, one epoch, marks, few decades. */
export const layoutCases: readonly Omit<GalleryFigure, "shows">[] = [
  { name: "six runs with long names", draw: (theme) => figures.trainingCurves(runs, { theme }) },
  {
    name: "a long title",
    draw: (theme) =>
      figures.trainingCurves(runs.slice(0, 1), {
        theme,
        title: "What a network of thirty-eight layers without batch normalisation learns of CIFAR-100 in twelve epochs",
      }),
  },
  { name: "one epoch", draw: (theme) => figures.trainingCurves(exampleEpochs(1, 0.5), { theme }) },
  { name: "no title", draw: (theme) => figures.trainingCurves(runs.slice(0, 3), { theme, title: null }) },
  { name: "gradient flow with marks", draw: (theme) => figures.gradientFlow(zeros, { theme }) },
  { name: "gradient flow of six runs", draw: (theme) => figures.gradientFlow(runs, { theme }) },
  {
    name: "gradient flow of 209 layers",
    draw: (theme) => figures.gradientFlow(exampleGradients(vggLayers(16, true), 30, 2), { theme }),
  },
  {
    name: "gradients within one decade",
    draw: (theme) => figures.gradientFlow(exampleGradients(vggLayers(0, false), 3, 0.1), { theme }),
  },
  {
    name: "gradient flow of two layers on a linear axis",
    draw: (theme) =>
      figures.gradientFlow(exampleGradients(vggLayers(0, false).slice(0, 2), 2, 1), { theme, axis: "linear" }),
  },
  {
    name: "fourteen bars with deviations",
    draw: (theme) =>
      figures.accuracyBars(
        Array.from({ length: 14 }, (_, at) => ({
          name: `${names[at % 3]} ${at}`,
          accuracy: 0.3 + at / 30,
          deviation: 0.02,
        })),
        { theme },
      ),
  },
  {
    name: "one bar",
    draw: (theme) => figures.accuracyBars([{ name: "VGG08", accuracy: 1 }], { theme }),
  },
  {
    name: "a log loss with smoothing",
    draw: (theme) => figures.trainingCurves(runs.slice(0, 2), { theme, axis: "log", smoothing: 0.6 }),
  },
];
