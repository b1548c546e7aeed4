/**
 * Where the time of a training step goes, op by op, as TensorFlow's profiler tells it.
 *
 * `npm run bench -- profile [--network vgg38-bn] [--batch 100] [--steps 3] [--optimizer sgd] [--precision float32]
 * [--engine graph] [--rows 15] [--json FILE]`
 *
 * Ops run side by side on several threads and share the cores: their times add up to more than the step's, and shares are
 * of that sum.  The first table is by kind of op, the second by kind and shape of the inputs.
 */
import { parseArgs } from "node:util";
import { table } from "arquero";
import type { EngineName, Precision } from "../src/graph";
import { writeFileAtomically } from "../src/files/write-file-atomically";
import { toText } from "../src/tables";
import { profile, type ProfiledOp } from "../src/tensorflow";
import { NetworkProgram, paperBatch } from "./support/network-program";

const { values } = parseArgs({
  options: {
    network: { type: "string", default: "vgg38-bn" },
    batch: { type: "string" },
    steps: { type: "string", default: "3" },
    optimizer: { type: "string", default: "sgd" },
    precision: { type: "string", default: "float32" },
    engine: { type: "string", default: "graph" },
    rows: { type: "string", default: "15" },
    json: { type: "string" },
  },
});
const { network } = values;
const batch = values.batch === undefined ? paperBatch(network) : Number(values.batch);
const steps = Number(values.steps);

/** Rows of ops that have the same key, added up, the slowest first. */
function group(ops: readonly ProfiledOp[], keyOf: (op: ProfiledOp) => string) {
  const total = ops.reduce((sum, { totalMs }) => sum + totalMs, 0);
  const groups = new Map<string, { op: string; inputs: string; runs: number; ms: number; share: number }>();
  for (const each of ops) {
    const { op, inputs, count, totalMs } = each;
    const row = groups.get(keyOf(each)) ?? { op, inputs, runs: 0, ms: 0, share: 0 };
    groups.set(keyOf(each), row);
    row.runs += count / steps;
    row.ms += totalMs / steps;
    row.share += totalMs / total;
  }
  return [...groups.values()].sort((a, b) => b.ms - a.ms);
}

function print(rows: ReturnType<typeof group>, withInputs: boolean): void {
  const shown = rows.slice(0, Number(values.rows));
  const columns = {
    op: shown.map(({ op }) => op),
    ...(withInputs ? { inputs: shown.map(({ inputs }) => inputs) } : {}),
    "runs a step": shown.map(({ runs }) => runs),
    "ms a step": shown.map(({ ms }) => ms),
    share: shown.map(({ share }) => share),
  };
  const fixed = (digits: number) => (value: unknown) => Number(value).toFixed(digits);
  const format = {
    "runs a step": fixed(0),
    "ms a step": fixed(2),
    share: (value: unknown) => `${(100 * Number(value)).toFixed(1)} %`,
  };
  console.log(toText(table(columns), { best: false, limit: null, format }));
}

async function main(): Promise<void> {
  const program = new NetworkProgram({
    network,
    batch,
    engine: values.engine as EngineName,
    precision: values.precision as Precision,
    optimizer: values.optimizer as "sgd",
  });
  await program.run(2);
  const began = performance.now();
  await program.run(steps);
  const plain = (performance.now() - began) / steps;
  const { ms, ops } = await profile(() => program.run(steps));
  const sum = ops.reduce((total, { totalMs }) => total + totalMs, 0) / steps;
  const how = `batch ${batch}, ${values.optimizer}, ${values.precision}, ${values.engine}`;
  console.log(
    `${network}, ${how}: ${(ms / steps).toFixed(1)} ms a step (${plain.toFixed(1)} without the profiler), ` +
      `${sum.toFixed(1)} ms in ops\n`,
  );
  print(
    group(ops, ({ op }) => op),
    false,
  );
  print(
    group(ops, ({ op, inputs }) => `${op} ${inputs}`),
    true,
  );
  if (values.json) writeFileAtomically(values.json, JSON.stringify({ network, batch, steps, ms, plain, ops }, null, 1));
}

void main();
