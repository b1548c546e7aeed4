/**
 * Milliseconds per training step: gradamp's step against `model.fit` of stock tfjs, on the same TensorFlow, in turn.
 *
 * `npm run bench -- training-step [--only vgg08,vgg38-bn] [--repeats 5] [--json FILE]`
 *
 * Momentum 0.9; batches of 100 for VGG08 and VGG38, of 128 for the others.  Each measurement is a process of its own, after
 * one step to warm up.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomically } from "../src/files/write-file-atomically";

interface Row {
  readonly network: string;
  readonly engine: "eager" | "fit";
  readonly precision: "float32";
  readonly batch: number;
  readonly msPerStep: number;
  /** Largest minus smallest. */
  readonly spread: number;
  readonly runs: readonly number[];
}

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "vgg08,vgg38-bn" },
    repeats: { type: "string", default: "5" },
    json: { type: "string" },
  },
});
const repeats = Number(values.repeats);
const folder = mkdtempSync(join(tmpdir(), "gradamp-bench-"));

function times(script: string, ...words: string[]): number[] {
  const child = spawnSync(process.execPath, [join(__dirname, "steps", script), ...words], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`${script} ended with ${child.status}:\n${child.stderr}`);
  return JSON.parse(child.stdout.trim().split("\n").at(-1)!) as number[];
}

function row(network: string, engine: Row["engine"], batch: number, runs: number[]): Row {
  const sorted = [...runs].sort((a, b) => a - b);
  const spread = sorted.at(-1)! - sorted[0]!;
  return { network, engine, precision: "float32", batch, msPerStep: sorted[sorted.length >> 1]!, spread, runs };
}

const rows: Row[] = [];
for (const network of values.only.split(",")) {
  const batch = /^vgg(08|38)/.test(network) ? 100 : 128;
  const topology = join(folder, `${network}.json`);
  rows.push(row(network, "eager", batch, times("gradamp-step.js", network, String(batch), String(repeats), topology)));
  rows.push(row(network, "fit", batch, times("stock-fit.js", topology, String(batch), String(repeats))));
  const [ours, stock] = rows.slice(-2) as [Row, Row];
  for (const { engine, msPerStep, spread } of [ours, stock])
    console.log(
      `${network.padEnd(14)} ${engine.padEnd(6)} ${msPerStep.toFixed(0).padStart(6)} ms  ± ${(spread / 2).toFixed(0)}`,
    );
  console.log(`${"".padEnd(14)} fit / eager ${(stock.msPerStep / ours.msPerStep).toFixed(2)}\n`);
}
rmSync(folder, { recursive: true });
if (values.json) {
  const machine = { cpu: cpus()[0]?.model ?? "", cores: cpus().length };
  const versions = { node: process.version, gradamp: (require("../../package.json") as { version: string }).version };
  writeFileAtomically(values.json, JSON.stringify({ machine, versions, rows }, null, 1));
}
