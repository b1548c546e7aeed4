/** Where the time of a training step goes, op by op, as TensorFlow's profiler tells it. */
import { parseArgs } from "node:util";
import { table } from "arquero";
import { writeFileAtomically } from "../src/files/write-file-atomically";
import type { EngineName, Precision } from "../src/graph";
import { checkEngine } from "../src/graph/check-engine";
import { type ModelName, modelNames } from "../src/models";
import { toText } from "../src/tables";
import { profile, type ProfiledOp } from "../src/tensorflow";
import { wholeNumber } from "./measure/whole-number";
import { NetworkProgram, OPTIMIZERS, paperBatch } from "./support/network-program";

const HELP = `Where the time of a training step goes, op by op, as TensorFlow's profiler tells it.

npm run bench -- profile [-- OPTION …]

--network NAME        ${modelNames.join(", ")} (vgg38-bn)
--batch N             samples of a step (the papers' batch: 100 for VGG08 and VGG38, 128 for the others)
--steps N             steps that are looked at (3)
--optimizer NAME      ${Object.keys(OPTIMIZERS).join(", ")} (sgd)
--precision NAME      float32, tf32, bfloat16 (float32)
--engine NAME         graph, eager (graph)
--rows N              rows of a table (15)
--json FILE           writes every op's times

Ops run side by side on several threads and share the cores: their times add up to more than the step's, and shares are
of that sum.  The first table is by kind of op, the second by kind and shape of the inputs.
`;

interface Options {
  readonly network: ModelName;
  readonly batch: number;
  readonly steps: number;
  readonly optimizer: keyof typeof OPTIMIZERS;
  readonly precision: Precision;
  readonly engine: EngineName;
  readonly rows: number;
  readonly json: string | undefined;
}

/**
 * The command line's words as options; null where help is asked for.
 *
 * @throws {RangeError | TypeError} for a name or a value that there is not
 */
function parse(words: readonly string[]): Options | null {
  const string = (value: string) => ({ type: "string", default: value }) as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      ...{ network: string("vgg38-bn"), batch: { type: "string" }, steps: string("3"), optimizer: string("sgd") },
      ...{ precision: string("float32"), engine: string("graph"), rows: string("15"), json: { type: "string" } },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return null;
  const oneOf = <Name extends string>(option: string, value: string, names: readonly Name[]): Name => {
    if (names.includes(value as Name)) return value as Name;
    throw new RangeError(`Expected --${option} to be one of ${names.join(", ")} but found "${value}"`);
  };
  const network = oneOf("network", values.network, modelNames);
  const options = {
    network,
    batch: wholeNumber("--batch", values.batch ?? String(paperBatch(network)), 1),
    steps: wholeNumber("--steps", values.steps, 1),
    optimizer: oneOf("optimizer", values.optimizer, Object.keys(OPTIMIZERS) as (keyof typeof OPTIMIZERS)[]),
    precision: values.precision as Precision,
    engine: values.engine as EngineName,
    rows: wholeNumber("--rows", values.rows, 1),
    json: values.json,
  };
  checkEngine(options.engine, options.precision);
  return options;
}

/** Rows of ops that have the same key, added up, the slowest first. */
function group(ops: readonly ProfiledOp[], steps: number, keyOf: (op: ProfiledOp) => string) {
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

function print(rows: ReturnType<typeof group>, withInputs: boolean, limit: number): void {
  const shown = rows.slice(0, limit);
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
  const options = parse(process.argv.slice(2));
  if (!options) return console.log(HELP);
  const { network, batch, steps, optimizer, precision, engine, rows, json } = options;
  const program = new NetworkProgram(options);
  await program.run(2);
  const began = performance.now();
  await program.run(steps);
  const plain = (performance.now() - began) / steps;
  const { ms, ops } = await profile(() => program.run(steps));
  const sum = ops.reduce((total, { totalMs }) => total + totalMs, 0) / steps;
  console.log(
    `${network}, batch ${batch}, ${optimizer}, ${precision}, ${engine}: ` +
      `${(ms / steps).toFixed(1)} ms a step (${plain.toFixed(1)} without the profiler), ${sum.toFixed(1)} ms in ops\n`,
  );
  const byOp = group(ops, steps, ({ op }) => op);
  const byShape = group(ops, steps, ({ op, inputs }) => `${op} ${inputs}`);
  print(byOp, false, rows);
  print(byShape, true, rows);
  if (json !== undefined) writeFileAtomically(json, JSON.stringify({ network, batch, steps, ms, plain, ops }, null, 1));
}

main().catch((error: unknown) => {
  console.error(error instanceof RangeError || error instanceof TypeError ? error.message : error);
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
});
