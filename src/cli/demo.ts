import { join, relative } from "node:path";
import type { Command } from "commander";
import { EXIT, exitCodesHelp } from "../spec/exit-codes";

interface Flags {
  readonly out: string;
  readonly notebook: boolean;
  readonly json?: boolean;
}

export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("train VGG08, VGG38 and its cures, and an amplified run; write a page of figures and a table")
    .option("--out <folder>", "where the report goes", join("reports", "demo"))
    .option("--no-notebook", "leave out the execution of notebooks/quickstart.ipynb")
    .option("--json", "print the table's rows as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ gradamp demo
  $ GRADAMP_DATA=~/data gradamp demo --out /tmp/demo      on real CIFAR-100, where that folder holds it

Takes about five minutes on two cores. ${exitCodesHelp({ interrupted: true })}`,
    )
    .action(async (flags: Flags) => {
      process.exitCode = await demo(flags);
    });
}

async function demo(flags: Flags): Promise<number> {
  const ga = await import("../index.js");
  const { demoData } = await import("./demo/demo-data.js");
  const { DEMO_TRIALS } = await import("./demo/demo-trials.js");
  const { demoTable, writeReport } = await import("./demo/demo-report.js");
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const say = (text: string) => process.stderr.write(`${text}\n`);

  const { data, description } = await demoData();
  say(description);
  const runs = [];
  for (const [index, trial] of DEMO_TRIALS.entries()) {
    say(`Training ${index + 1} of ${DEMO_TRIALS.length}: ${trial.name}`);
    const model = trial.build(data.classes ?? 0);
    const run = await ga.train(model, data, { name: trial.name, ...trial.options });
    model.dispose();
    if (run.status === "interrupted") {
      say("Interrupted: nothing was written");
      return EXIT.interrupted;
    }
    runs.push({ trial, run });
  }
  data.dispose();

  say("Drawing the report");
  const { page, missing } = await writeReport(flags.out, {
    runs,
    description,
    notebook: flags.notebook,
    seconds: seconds(),
  });
  for (const what of missing) say(`Left out ${what}`);
  const notebook = flags.notebook ? await quickstart(flags.out, say) : null;

  const table = demoTable(runs.map(({ run }) => run));
  if (flags.json) process.stdout.write(`${JSON.stringify({ page, notebook, rows: table.objects() }, null, 2)}\n`);
  else process.stdout.write(`\n${ga.table.toText(table)}\n`);
  const where = [page, ...(notebook ? [notebook] : [])].map((path) => relative(process.cwd(), path)).join(" and ");
  say(`\nDone in ${Math.round(seconds())} s. Open ${where} in a browser`);
  return 0;
}

/** Executes the quickstart notebook in the kernel; returns the path of its page. */
async function quickstart(folder: string, say: (text: string) => void): Promise<string> {
  const { executeNotebook } = await import("../execute/execute-notebook.js");
  const { packageRoot } = await import("../files/package-root.js");
  say("Executing notebooks/quickstart.ipynb in a notebook kernel");
  const html = join(folder, "quickstart.html");
  await executeNotebook(join(packageRoot(), "notebooks", "quickstart.ipynb"), {
    output: join(folder, "quickstart.ipynb"),
    html,
  });
  return html;
}
