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
  const [seed, seconds] = [numberOf("seed", values.seed), numberOf("seconds", values.seconds)];
  for (const name of names) {
    const until = Date.now() + (1000 * seconds) / names.length;
    const { ran, skipped, failures } = await fuzz(FUZZERS[name], seed, { until }, ({ seed, why, script }) =>
      console.log(`${name}, seed ${seed}: ${why}\n${script}`),
    );
    console.log(`${name}: ${ran} ran, ${skipped} skipped, ${failures.length} failed`);
    // Where nothing ran, nothing holds.
    if (failures.length > 0 || ran === 0) process.exitCode = 1;
  }
}

/** @throws {RangeError} if a flag's word is no number that it can be */
function numberOf(flag: "seed" | "seconds", word: string): number {
  const value = Number(word);
  const fits = flag === "seed" ? Number.isSafeInteger(value) : value > 0 && Number.isFinite(value);
  if (word.trim() === "" || !fits) {
    throw new RangeError(
      `Expected --${flag} to be ${flag === "seed" ? "a whole number" : "a number above 0"} but found ${JSON.stringify(word)}`,
    );
  }
  return value;
}

void main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof RangeError || error instanceof TypeError ? error.message : String((error as Error).stack)}\n`,
  );
  process.exitCode = 2;
});
