import type { Command } from "commander";

import { addEngineFlags, type EngineFlags } from "./sweep/engine-flags";
import { exitCodesHelp } from "../spec/exit-codes";

export function registerSweep(program: Command): void {
  const command = program
    .command("sweep")
    .description("train a table of trials; what they have in common is trained once")
    .argument("<file>", "the trials as JSON, or the folder of a sweep to go on with");
  addEngineFlags(command)
    .addHelpText(
      "after",
      `
The file holds [{ "model": …, "data": …, … }, …] with the fields of ga.trials, { "protocol": { "paper": "ga", "part":
"s2" } }, or { "base": { … }, "vary": { "seed": [1, 2, 3], "optimizer.weightDecay": [0, 5e-4] } }.

Examples:
  $ gradamp sweep trials.json                    as many trials at a time as fit this machine
  $ gradamp sweep trials.json                    after Ctrl-C: goes on where it stopped
  $ gradamp sweep trials.json --dry-run          what it would train, and in how many epochs
  $ gradamp sweep trials.json --engine slurm --partition gpu --gpus 1 --time 04:00:00 --throttle 8
  $ gradamp sweep runs/trials --json             the results of a sweep's folder, once it is done

A trial's process that dies is started again once, then reported with what depends on it. On Slurm, Ctrl-C ends the
following only; jobs go on, and the same command follows them again.
${exitCodesHelp({ done: "all trials done", failed: "some failed", interrupted: true })}`,
    )
    .action(async (file: string, flags: EngineFlags) => {
      const { sweep } = await import("./sweep/sweep.js");
      process.exitCode = await sweep(file, flags);
    });

  program
    .command("sweep-job", { hidden: true })
    .description("what an element of a sweep's job array runs")
    .argument("<list>")
    .action(async (list: string) => {
      const { sweepJob } = await import("./sweep/sweep-job.js");
      process.exitCode = await sweepJob(list);
    });

  program
    .command("sweep-advance", { hidden: true })
    .description("submits what of a sweep can be submitted now; run by a job of its own")
    .argument("<folder>")
    .action(async (folder: string) => {
      const { sweepAdvance } = await import("./sweep/sweep-job.js");
      process.exitCode = await sweepAdvance(folder);
    });
}
