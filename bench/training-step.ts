/**
 * Milliseconds per training step of gradamp's engines, stock tfjs, PyTorch and Keras, in turn on one machine; against the
 * convolutions and matrix products of a step alone, and against what the machine can do at most.
 *
 * `npm run bench -- --help`; method and results are in docs/performance.md.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { progressBar } from "../src/cli/progress-bar";
import { writeFileAtomically } from "../src/files/write-file-atomically";
import { compare } from "./measure/compare";
import { describeNetwork } from "./measure/describe-network";
import { device } from "./measure/launch";
import { machine } from "./measure/machine";
import { measurePeak, type Peak } from "./measure/peak";
import { type BenchOptions, HELP, parseOptions } from "./measure/parse-options";
import { report } from "./measure/report";
import type { CostRow, LeftOut, Row } from "./measure/row";
import { COST_STEPS, FEATURES, runCosts } from "./measure/run-costs";
import { runEngines, wantedVariants } from "./measure/run-engines";

async function bench(options: BenchOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-bench-"));
  const about = machine(device());
  if (about.loadBefore > 0.5)
    console.error(`Something else is running here (load ${about.loadBefore.toFixed(1)}): the numbers will be off`);
  const versions: Record<string, string> = {
    gradamp: (require("../../package.json") as { version: string }).version,
    node: process.versions.node,
  };
  const rows: Row[] = [];
  const costs: CostRow[] = [];
  const leftOut: LeftOut[] = [];
  let peak: Peak | null = null;
  try {
    const networks = options.networks.map((name) => describeNetwork(name, folder, options.tiny));
    const costly = options.sections.includes("costs") ? networks.filter(({ network }) => COST_STEPS[network]) : [];
    // Work in GFLOP: per engine one for each repeat, one to start and one to find out how long a step takes.
    const repeat = ({ flops }: { flops: number }) => (3 * flops) / 1e9;
    const pair = ({ flops }: { flops: number }) => (6 * flops) / 1e9;
    const engineWork = networks.map((each) => wantedVariants(options).length * (options.repeats + 2) * repeat(each));
    const costWork = costly.map((each) => FEATURES.length * options.pairs * pair(each));
    const total = [...engineWork, ...costWork].reduce((sum, work) => sum + work, 0);
    const bar = progressBar("bench", (work) => `${work.toFixed(0)} GFLOP`);
    let done = 0;
    const advance = (work: number) => (label: string) => bar.update((done += work), total, label);
    bar.update(0, total);

    if (options.sections.includes("peak")) peak = await measurePeak(networks[0]!, options);
    for (const network of options.engines.length > 0 ? networks : []) {
      const results = await runEngines(network, options, advance(repeat(network)));
      rows.push(...results.rows);
      leftOut.push(...results.leftOut);
      Object.assign(versions, results.versions);
    }
    for (const network of costly) {
      const results = await runCosts(network, options, advance(pair(network)));
      costs.push(...results.costs);
      leftOut.push(...results.leftOut);
    }
    bar.end();
    const comparisons = compare(rows, costs);
    const flops = Object.fromEntries(networks.map(({ network, flops }) => [network, flops]));
    console.log(report({ rows, comparisons, peak, flops, leftOut }));
    if (options.json !== null) {
      const { json: _json, help: _help, ...settings } = options;
      const engines = rows.filter(({ engine }) => engine !== "products");
      const products = rows.filter(({ engine }) => engine === "products");
      const content = {
        machine: about,
        versions,
        settings,
        rows: engines,
        products,
        flops,
        peak,
        costs,
        comparisons,
        leftOut,
      };
      writeFileAtomically(options.json, `${JSON.stringify(content, null, 1)}\n`);
    }
    return !leftOut.some(({ failed }) => failed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) return console.log(HELP);
  if (!(await bench(options))) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof RangeError || error instanceof TypeError ? error.message : error);
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
});
