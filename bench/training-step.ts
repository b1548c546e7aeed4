/**
 * Milliseconds per training step of gradamp's engines, stock tfjs, PyTorch and Keras, in turn on one machine; against the
 * convolutions and matrix products of a step alone, and against what the machine can do at most.
 *
 * `npm run bench -- --help`; method and results are in docs/performance.md.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { progressBar } from "../src/progress/progress-bar";
import { writeFileAtomically } from "../src/files/write-file-atomically";
import { compare } from "./measure/compare";
import { describeNetwork } from "./measure/describe-network";
import { device } from "./measure/launch";
import { machine } from "./measure/machine";
import { measurePeak, type Peak } from "./measure/peak";
import { type BenchOptions, HELP, parseOptions } from "./measure/parse-options";
import { othersShare, processorUse } from "./measure/processor-use";
import { report } from "./measure/report";
import { resultsJson } from "./measure/results-json";
import type { CostRow, LeftOut, Row } from "./measure/row";
import { COST_STEPS, runCosts } from "./measure/run-costs";
import { runEngines } from "./measure/run-engines";
import { pairWork, plannedWork, repeatWork } from "./measure/work";

async function bench(options: BenchOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-bench-"));
  const before = processorUse();
  const load = loadavg()[0]!;
  if (load > 0.5)
    console.error(`Something else is running here (load ${load.toFixed(1)}): the numbers will mean little`);
  const versions: Record<string, string> = { gradamp: packageVersion(), node: process.versions.node };
  const rows: Row[] = [];
  const costs: CostRow[] = [];
  const leftOut: LeftOut[] = [];
  let peak: Peak | null = null;
  try {
    const networks = options.networks.map((name) => describeNetwork(name, folder, options.tiny));
    const flops = Object.fromEntries(networks.map(({ network, flops }) => [network, flops]));
    const results = () => ({
      ...{ machine: machine(device(), othersShare(before, processorUse())), versions, rows, flops, peak, costs },
      ...{ comparisons: compare(rows, costs), leftOut },
    });
    const save = () => {
      if (options.json !== null) writeFileAtomically(options.json, resultsJson(results(), options));
    };
    const bar = progressBar("bench", (work) => `${work.toFixed(0)} GFLOP`);
    const total = plannedWork(networks, options);
    let done = 0;
    const advance = (work: number) => (label: string) => bar.update((done += work), total, label);
    bar.update(0, total);

    if (options.sections.includes("peak")) peak = await measurePeak(networks[0]!, options);
    for (const network of options.engines.length > 0 ? networks : []) {
      const found = await runEngines(network, options, advance(repeatWork(network, options)));
      rows.push(...found.rows);
      leftOut.push(...found.leftOut);
      Object.assign(versions, found.versions);
      save();
    }
    const costly = networks.filter(({ network }) => COST_STEPS[network] !== undefined);
    for (const network of options.sections.includes("costs") ? costly : []) {
      const found = await runCosts(network, options, advance(pairWork(network)));
      costs.push(...found.costs);
      leftOut.push(...found.leftOut);
      save();
    }
    bar.end();
    save();
    console.log(report(results()));
    return !leftOut.some(({ failed }) => failed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function packageVersion(): string {
  return (require("../../package.json") as { version: string }).version;
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
