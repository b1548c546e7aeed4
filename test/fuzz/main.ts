/**
 * Fuzzes for a while: `node dist/test/fuzz/main.js [tensors] [models] [--seed N] [--seconds N]`; 60 seconds from seed 1 by default.
 *
 * Prints each failure with its seed and a small script that shows it, and at the end how many cases ran; the exit code is
 * 1 where one failed.
 */
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz";
import { models } from "./models/fuzzer";
import { tensorPrograms } from "./tensor-programs/fuzzer";

const HELP = `npm run fuzz -- [tensors] [models] [--seed N] [--seconds N]

Tries random tensor programs and random models in both engines and against float64, each with a seed of its own that is counted up
from --seed (default: 1), for --seconds altogether (default: 60). A failure is printed with its seed and a small script.
`;

const FUZZERS = { tensors: tensorPrograms, models };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      seconds: { type: "string", default: "60" },
      help: { type: "boolean", short: "h", default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(HELP);
  const names = (positionals.length > 0 ? positionals : Object.keys(FUZZERS)) as (keyof typeof FUZZERS)[];
  const unknown = names.find((name) => !Object.hasOwn(FUZZERS, name));
  if (unknown) throw new RangeError(`Expected one of ${Object.keys(FUZZERS).join(", ")} but found ${unknown}`);
  for (const name of names) {
    const until = Date.now() + (1000 * Number(values.seconds)) / names.length;
    const { ran, skipped, failures } = await fuzz(
      FUZZERS[name],
      Number(values.seed),
      { until },
      ({ seed, why, script }) => console.log(`${name}, seed ${seed}: ${why}\n${script}`),
    );
    console.log(`${name}: ${ran} ran, ${skipped} skipped, ${failures.length} failed`);
    if (failures.length > 0) process.exitCode = 1;
  }
}

void main();
