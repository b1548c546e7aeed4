/**
 * Opening and filtering a folder of runs: 1,000 runs × 100 epochs × 75 layers = 7.5 million gradient rows.
 *
 * Two cores (x86-64, shared), Node 20.20, files in the page cache: opened in 0.2 s; first and last rows shown in 0.7 s;
 * a column read in 0.8 s when it is first used, after that a filter takes 0.1 s, the mean per layer 0.1 s and the mean per
 * model and layer 3 s; 470 MB of memory.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { op, table, type ColumnTable } from "arquero";

import { compact, runs, writeRunInfo, writeSegment } from "../src/runs";
import { toText } from "../src/tables";
import type { GradientRow } from "../src/rows";
import { wholeNumber } from "./measure/whole-number";
import { words } from "./support/words";

const [runsText = "1000"] =
  words(`Opening and filtering a folder of runs of 100 epochs × 75 layers: seconds of each step.

npm run bench -- runs-table [-- RUNS]

RUNS is 1000 unless given; these are 240 MB in the folder for temporary files, which are deleted again.
`);
const count = wholeNumber("RUNS", runsText, 1);
const epochs = 100;
const layers = Array.from({ length: 75 }, (_, i) => `block_${Math.floor(i / 25)}_${i % 25}_conv_0`);
const folder = mkdtempSync(join(tmpdir(), "gradamp-bench-runs-"));
const measured: { step: string; seconds: number; rows: number }[] = [];

function time(step: string, work: () => number): void {
  const start = performance.now();
  const rows = work();
  measured.push({ step, seconds: (performance.now() - start) / 1000, rows });
}

function gradients(run: number): GradientRow[] {
  return Array.from({ length: epochs * layers.length }, (_, i) => {
    const index = i % layers.length;
    const epoch = 1 + Math.floor(i / layers.length);
    const layer = layers[index] ?? "";
    return { epoch, step: 475 * epoch, index, layer, weight: "kernel", size: 9216, meanAbs: 1e-4 / (1 + run + i) };
  });
}

try {
  time("write", () => {
    for (let run = 0; run < count; run++) {
      const path = join(folder, `run-${String(run).padStart(4, "0")}`);
      writeSegment(path, "gradients", gradients(run));
      compact(path, "gradients");
      const model = run % 2 === 0 ? "VGG08" : "VGG38";
      const options = { seed: run % 5 };
      writeRunInfo(path, { name: path, model, parameters: 59_716, dataset: "cifar-100", options, status: "finished" });
    }
    return count;
  });
  let all: ColumnTable = table({});
  time("open", () =>
    (all = runs(folder, { rows: "gradients", columns: { seed: (run) => Number(run.options["seed"]) } })).numRows(),
  );
  time("show the first and last rows", () => toText(all).length);
  const last = (run: number) => `d => d.run === 'run-${String(run).padStart(4, "0")}'`;
  time("filter to one run", () => all.filter(last(count - 1)).numRows());
  time("filter to a layer and an epoch, columns read", () =>
    all.filter(`d => d.layer === '${layers[3]}' && d.epoch === 100`).numRows(),
  );
  time("filter to another layer and epoch", () =>
    all.filter(`d => d.layer === '${layers[9]}' && d.epoch === 50`).numRows(),
  );
  time("filter by a statistic, column read", () => all.filter("d => d.meanAbs < 1.2e-8").numRows());
  time("filter by a statistic again", () => all.filter("d => d.meanAbs < 2e-8").numRows());
  time("mean per layer", () =>
    all
      .groupby("layer")
      .rollup({ mean: op.mean("meanAbs") })
      .numRows(),
  );
  time("mean per model and layer, last epoch", () =>
    all
      .filter("d => d.epoch === 100")
      .groupby("model", "layer")
      .rollup({ mean: op.mean("meanAbs") })
      .numRows(),
  );
  time("mean per model and layer, all epochs", () =>
    all
      .groupby("model", "layer")
      .rollup({ mean: op.mean("meanAbs") })
      .numRows(),
  );
  console.log(
    toText(
      table({
        step: measured.map(({ step }) => step),
        "result (rows)": measured.map(({ rows }) => rows),
        seconds: measured.map(({ seconds }) => seconds),
      }),
      { best: false, format: { seconds: (value) => Number(value).toFixed(2) } },
    ),
  );
  console.log(
    `${count} runs, ${all.numRows().toLocaleString("en-US")} rows, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
