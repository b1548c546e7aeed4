import { readFileSync } from "node:fs";
import { join } from "node:path";

import { trials, type TrialSpec } from "../../src/experiments";
import type { LayerRatios } from "../../src/sweeps";

/** The script that stands for `gradamp train`. */
export const fakeTrain = [process.execPath, join(__dirname, "fake-train.js")];

/** The papers' trials in a tenth of their epochs: 5, 10, 13, 15. */
export function shortTrials(paper: "ga" | "iga", part: string, keep: (trial: TrialSpec) => boolean): TrialSpec[] {
  return trials(paper, { part })
    .filter(keep)
    .map((trial) => {
      if (!trial.stages) return trial;
      const list = trial.stages.stages.map((stage) => ({ ...stage, end: Math.ceil(stage.end / 10) }));
      return { ...trial, epochs: list.at(-1)?.end ?? 0, stages: { ...trial.stages, stages: list } };
    });
}

/** What a fake run wrote. */
export function fakeRun(folder: string): {
  losses: string[];
  status: string;
  sessions: unknown[];
  from: { run: string; epoch: number } | null;
  ratios: Record<number, LayerRatios[]>;
} {
  return JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as ReturnType<typeof fakeRun>;
}

/** As `Sweep` is told to read ratios. */
export const fakeRatios = (folder: string, epoch: number) => fakeRun(folder).ratios[epoch] ?? null;
