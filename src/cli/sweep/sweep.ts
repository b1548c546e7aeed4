import { existsSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";

import type { TrialSpec } from "../../experiments";
import type { Sweep } from "../../sweeps";
import type { EngineFlags } from "./engine-flags";
import { readSweepFile } from "./read-sweep-file";
import { fail } from "../failure";
import { checkEngine, runSweep } from "./run-sweep";
import { EXIT } from "../../spec/exit-codes";

/** Runs `gradamp sweep`; returns the exit code. */
export async function sweep(file: string, flags: EngineFlags): Promise<number> {
  let opened: Sweep;
  try {
    await checkEngine(flags);
    const isFolder = existsSync(file) && statSync(file).isDirectory();
    const folder = flags.out ?? (isFolder ? file : join("runs", basename(file, extname(file))));
    opened = await openSweep(folder, isFolder ? null : await readSweepFile(file), flags);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    fail(error.message);
    return EXIT.usage;
  }
  const outcome = await runSweep(opened, flags);
  if (outcome.code === 0 || outcome.code === 1) await printResults(opened, flags);
  return outcome.code;
}

/** Opens a sweep's folder as the flags say. */
export async function openSweep(
  folder: string,
  trials: readonly TrialSpec[] | null,
  flags: EngineFlags,
): Promise<Sweep> {
  const { Sweep } = await import("../../sweeps/sweep.js");
  return new Sweep(folder, {
    trials,
    write: !flags.dryRun,
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
  });
}

async function printResults(opened: Sweep, flags: EngineFlags): Promise<void> {
  if (flags.dryRun || flags.cancel) return;
  const { sweepResults } = await import("../../sweeps/sweep-results.js");
  const table = sweepResults(opened);
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ folder: opened.folder, trials: table.objects({ limit: Infinity }) }, null, 2)}\n`,
    );
    return;
  }
  const { toText } = await import("../../tables/render/to-text.js");
  const columns = ["run", "status", "epochs", "trainLoss", "validationAccuracy", "testAccuracy", "minutes"];
  process.stdout.write(`${toText(table, { columns, limit: null })}\n`);
}
