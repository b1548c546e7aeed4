import { existsSync } from "node:fs";
import { join } from "node:path";

import { type ColumnTable } from "arquero";

import { strategy, intelligentStages } from "../../amplification";
import type { Paper } from "../../experiments";
import * as figures from "../../figures";
import type { PlotlySpec } from "../../figures";
import type { RunRecord } from "../../rows";
import { readRun } from "../../runs";
import { againstBaseline } from "../../tables/verbs/against-baseline";

/** A figure of a paper drawn from our runs, or why there is none. */
export interface ReportFigure {
  readonly heading: string;
  readonly spec: PlotlySpec | null;
  /** What was not run, or does not go into one figure. */
  readonly missing: string | null;
}

interface Row {
  readonly run: string;
  readonly model: string;
  readonly dataset: string;
  readonly method: string;
  readonly part: string;
  readonly seed: number;
  readonly learningRate: number | null;
  readonly folder: string | null;
  readonly testAccuracy: number | null;
}

/**
 * The figures of a paper, drawn from a sweep's results: schedules, overview, ratios, factors, thresholds, frequency and best
 * models; for the VGG38 study curves, gradient flow and accuracies.
 *
 * @param folder of the sweep, where the runs are
 * @param chosen the run that is shown as the best of each network
 */
export function reportFigures(
  paper: Paper,
  results: ColumnTable,
  folder: string,
  chosen: readonly { model: string; dataset: string; chosen: string }[],
): ReportFigure[] {
  const rows = results.objects({ limit: Infinity }) as Row[];
  const draw = (heading: string, make: () => PlotlySpec): ReportFigure => {
    try {
      return { heading, spec: make(), missing: null };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { heading, spec: null, missing: error.message };
    }
  };
  const read = (of: Row | undefined): RunRecord | null => {
    const place = of?.folder ? join(folder, of.folder) : null;
    return place !== null && existsSync(join(place, "run.json")) ? readRun(place) : null;
  };
  const runOf = (where: (row: Row) => boolean) => {
    const run = read(rows.find(where));
    if (run === null) throw new RangeError("Expected a run but found none: this part was not run");
    return run;
  };
  /** Trials of some parts with their baseline; a setting's fresh seeds are in the tables. */
  const trials = (parts: readonly string[]) => {
    const kept = againstBaseline(results.params({ parts }).filter("(d, $) => d.method === 'original' || op.includes($.parts, d.part)")); // prettier-ignore
    if (kept.numRows() === 0) throw new RangeError(`Expected trials of ${parts.join(" or ")} but found none: this part was not run`); // prettier-ignore
    return kept;
  };
  const bestModels = () =>
    figures.bestModels(
      [...new Set(rows.map(({ model, dataset }) => JSON.stringify([model, dataset])))].flatMap((key) => {
        const [model, dataset] = JSON.parse(key) as [string, string];
        const alike = rows.filter((row) => row.model === model && row.dataset === dataset);
        const originals = alike.filter(({ method, part }) => method === "original" && part === "baseline").flatMap((row) => read(row) ?? []); // prettier-ignore
        const best = chosen.find((one) => one.model === model && one.dataset === dataset)?.chosen;
        if (originals.length === 0) return [];
        return [{ model: `${model}, ${dataset}`, originals, amplified: read(alike.find(({ run }) => run === best)) }];
      }),
    );

  if (paper === "ga") {
    const stagesOf = (name: string) => strategy(name, { group: "bn" }).stages;
    return [
      draw("Figures 1 and 2: schedules", () =>
        figures.scheduleDiagram([
          { name: "original", stages: stagesOf("S1_0") },
          { name: "step 1, S1_0.7", stages: stagesOf("S1_0.7") },
          { name: "step 2, S2_0.1_0.3", stages: stagesOf("S2_0.1_0.3") },
        ]),
      ),
      draw("Figure 3: overview", () => figures.experimentOverview(trials(["s1", "s2", "factor", "late"]))),
      draw("Figure 4: accuracy against the ratio", () => figures.accuracyAgainstRatio(trials(["s1", "s2"]))),
      draw("Figures 5 and 6: accuracy against the factor", () => figures.accuracyAgainstFactor(trials(["factor"]))),
      draw("Figure 7: best models", bestModels),
    ];
  }
  if (paper === "iga") {
    const planOf = (schedule: "params1" | "params2") =>
      intelligentStages({ directionality: "G", sides: "one", threshold: 1.5, schedule }).stages.map((stage) => ({
        ...stage,
        ampRatio: stage.ampRatio > 0 ? "layers by G" : 0,
      }));
    return [
      draw("Figure 1: schedules", () =>
        figures.scheduleDiagram([
          { name: "params₁", stages: planOf("params1") },
          { name: "params₂", stages: planOf("params2") },
        ]),
      ),
      draw("Figure 2: how often layers are chosen", () => {
        if (!rows.some(({ part }) => part === "frequency")) trials(["frequency"]);
        return figures.reselectionFrequency(
          trials(["params1", "frequency"]).filter("d => d.directionality !== 'GPrime'"),
        );
      }),
      draw("Figures 3 to 10: accuracy against the threshold", () =>
        figures.accuracyAgainstThreshold(trials(["params1", "params2"])),
      ),
      draw("Figure 11: best models", bestModels),
    ];
  }
  const vgp = (model: string, rate: number) =>
    runOf((row) => row.model === model && row.part === "table1" && Math.abs((row.learningRate ?? 0) / rate - 1) < 1e-6);
  return [
    draw("Figure 1: training curves of VGG08 and VGG38", () =>
      figures.trainingCurves([vgp("VGG08", 1e-3), vgp("VGG38", 1e-3)], { title: "VGG08 and VGG38" }),
    ),
    draw("Figures 2 and 3: gradient flow of VGG08 and VGG38", () =>
      figures.gradientFlow([vgp("VGG08", 1e-3), vgp("VGG38", 1e-3)], { title: "VGG08 and VGG38" }),
    ),
    draw("Figure 4: training curves of VGG38 BN + RC, 1e-2", () =>
      figures.trainingCurves([vgp("VGG38 BN + RC", 1e-2)], { title: "VGG38 BN + RC, 1e-2" }),
    ),
    draw("Figure 5: gradient flow of VGG38 BN + RC, 1e-2", () =>
      figures.gradientFlow(vgp("VGG38 BN + RC", 1e-2), { title: "VGG38 BN + RC, 1e-2" }),
    ),
    draw("Figure 6: loss at two learning rates, VGG38 BN + RC", () =>
      figures.learningRateComparison([vgp("VGG38 BN + RC", 1e-3), vgp("VGG38 BN + RC", 1e-2)]),
    ),
    draw("Figure 7: test accuracy of each experiment", () =>
      figures.accuracyBars(
        rows
          .filter(({ part, testAccuracy }) => part === "table1" && testAccuracy !== null)
          .map(({ model, learningRate, testAccuracy }) => ({
            name: `${model} ${learningRate?.toExponential() ?? ""}`,
            accuracy: testAccuracy ?? NaN,
          })),
        { title: "Test accuracy, one run each" },
      ),
    ),
  ];
}
