import type { Command } from "commander";
import { rowKinds } from "../rows";
import { visibleText } from "../progress/visible-text";
import { fail } from "./failure";
import { untilInterrupted } from "./until-interrupted";
import { EXIT, exitCodesHelp } from "../spec/exit-codes";

const JSON_FLAG = ["--json", "print JSON"] as const;

/** `gradamp runs …`: looking at runs that were kept, and taking their rows elsewhere. */
export function registerRuns(program: Command): void {
  const runs = program.command("runs").description("list, show, watch, compare and export runs that were kept");

  runs
    .command("list")
    .description("the runs beneath a folder, how far they are and how well they do")
    .argument("[folder]", "", "runs")
    .option(...JSON_FLAG)
    .addHelpText(
      "after",
      examples("gradamp runs list", "gradamp runs list sweeps/s2 --json | jq '.[] | select(.status == \"stale\")'"),
    )
    .action(async (folder: string, { json }: { json?: boolean }) => {
      const { listRuns } = await import("./runs/list-runs.js");
      const runs = await listRuns(folder);
      // Reasons are long: they stand beneath the table, a line each.
      print(json ? runs : runs.map(({ problem: _, ...shown }) => shown), json, (rows) => rows);
      for (const { run, status, problem } of json ? [] : runs) if (problem) process.stderr.write(visibleText(`${run} ${status === "stale" ? "is stale" : "cannot be read"}: ${problem}\n`)); // prettier-ignore
    });

  runs
    .command("show")
    .description("one run: what was asked for, its epochs, its sessions")
    .argument("<run>", "its folder")
    .option(...JSON_FLAG)
    .addHelpText(
      "after",
      examples(
        "gradamp runs show runs/first",
        "gradamp runs show runs/first --json | jq '.epochs[-1].validationAccuracy'",
      ),
    ) // prettier-ignore
    .action(async (folder: string, { json }: { json?: boolean }) => {
      const [{ showRun }, { describeRun }] = await Promise.all([
        import("./runs/show-run.js"),
        import("./runs/describe-run.js"),
      ]);
      const run = await showRun(folder);
      process.stdout.write(json ? `${JSON.stringify(run, null, 2)}\n` : `${await describeRun(run)}\n`);
    });

  runs
    .command("watch")
    .description("a run while it is trained, by whatever process: a line an epoch, until it has ended")
    .argument("<run>", "its folder")
    .addHelpText("after", examples("gradamp runs watch runs/first"))
    .action(async (folder: string) => {
      const { watch } = await import("../live/index.js");
      await untilInterrupted(async (signal) => {
        const watched = watch(folder);
        signal.addEventListener("abort", () => watched.stop());
        await watched.finished;
      });
    });

  runs
    .command("compare")
    .description("several runs: in which options they differ, and their results")
    .argument("<run...>", "their folders")
    .option(...JSON_FLAG)
    .addHelpText("after", examples("gradamp runs compare runs/baseline runs/amplified"))
    .action(async (folders: string[], { json }: { json?: boolean }) => {
      const { compareRuns } = await import("./runs/compare-runs.js");
      const { differences, results } = await compareRuns(folders);
      if (json) process.stdout.write(`${JSON.stringify({ differences, results }, null, 2)}\n`);
      else {
        print(differences, false, (rows) => rows);
        print(results, false, (rows) => rows);
      }
    });

  runs
    .command("export")
    .description("rows of one or many runs as one file, which ends in .parquet, .arrow, .csv or .jsonl")
    .argument("<folder>", "a run, or a folder of runs")
    .requiredOption("--out <file>", "where to")
    .option("--rows <kind>", `${rowKinds.join(", ")} or runs`, "gradients")
    .option(...JSON_FLAG)
    .addHelpText(
      "after",
      examples(
        "gradamp runs export runs --out gradients.parquet",
        "gradamp runs export runs --rows epochs --out epochs.csv",
        "duckdb -c \"select run, max(validationAccuracy) from 'epochs.parquet' group by run\"",
      ),
    )
    .action(async (folder: string, { out, rows, json }: { out: string; rows: string; json?: boolean }) => {
      const { exportRows } = await import("../runs/export-rows.js");
      const kinds = [...rowKinds, "runs"] as const;
      const kind = kinds.find((known) => known === rows);
      if (!kind) {
        fail(`Expected --rows to be one of ${kinds.join(", ")} but found ${rows}`);
        process.exitCode = EXIT.usage;
        return;
      }
      const count = exportRows(folder, out, { rows: kind });
      process.stdout.write(
        json ? `${JSON.stringify({ file: out, kind, rows: count }, null, 2)}\n` : `${out}: ${count} rows\n`,
      );
    });

  // Subcommands end a wrong command line as every other command does.
  for (const command of runs.commands) command.exitOverride().copyInheritedSettings(program);
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n\n${exitCodesHelp({})}`;
}

/** Rows as JSON or as aligned columns. */
function print<Row extends object>(
  rows: readonly Row[],
  json: boolean | undefined,
  shown: (rows: readonly Row[]) => readonly object[],
): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const words = shown(rows).map((row) => Object.values(row).map((value: unknown) => word(value)));
  const [first] = rows;
  if (!first) return;
  const table = [Object.keys(first), ...words];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => (line[column] ?? "").length)));
  for (const line of table) process.stdout.write(`${line.map((text, column) => text.padEnd(widths[column]!)).join("  ").trimEnd()}\n`); // prettier-ignore
}

function word(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toPrecision(4);
  return typeof value === "string" ? value : JSON.stringify(value);
}
