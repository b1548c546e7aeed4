import { type Command, InvalidArgumentError } from "commander";
// File by file: the folder's index would load TensorFlow, which takes seconds and which nothing here needs.
import { downloadDataset } from "../datasets/cifar/download-dataset";
import { exportEmbedded } from "../datasets/export-embedded";
import { presentDatasets } from "../datasets/cifar/present-datasets";
import { verifyDataset } from "../datasets/cifar/verify-dataset";
import { formatBytes } from "../progress/format-amounts";
import { ProgressBar } from "../progress/progress-bar";

const DIR = ["--dir <folder>", "the data folder (default: $GRADAMP_DATA, else data/ in the per-user cache)"] as const;
const JSON_ROWS = ["--json", "print JSON"] as const;

/** `gradamp data …`: which data sets are there, fetching and checking them. */
export function registerData(program: Command): void {
  const data = program.command("data").description("list, download and check data sets");

  data
    .command("list")
    .description("which data sets are there, and where")
    .option(...DIR)
    .option(...JSON_ROWS)
    .action(({ dir, json }: { dir?: string; json?: boolean }) => {
      const rows = presentDatasets(dir);
      if (json) console.log(JSON.stringify(rows, null, 2));
      else
        for (const { name, path, present, problem } of rows)
          console.log(
            `${present ? "present" : problem ? "damaged" : "absent "}  ${name}  ${path}${problem ? `: ${problem}` : ""}`,
          );
    });

  data
    .command("download")
    .description("download CIFAR-10 or CIFAR-100, resuming where an earlier attempt ended")
    .argument("<name>", "cifar-10 or cifar-100")
    .option(...DIR)
    .option("--url <address>", "another address of the same archive")
    .action(async (name: string, { dir, url }: { dir?: string; url?: string }) => {
      const bar = new ProgressBar(name, { format: formatBytes });
      try {
        const { path, downloaded } = await downloadDataset(name, {
          ...(dir === undefined ? {} : { dir }),
          ...(url === undefined ? {} : { url }),
          onProgress: ({ phase, done, total }) => {
            if (phase === "download") bar.update(done, total);
          },
          onNote: (text) => {
            bar.clear();
            process.stderr.write(`${text}\n`);
          },
        });
        if (downloaded) bar.end();
        console.log(downloaded ? path : `${path} is there already, checked`);
      } finally {
        bar.clear();
      }
    });

  data
    .command("verify")
    .description("compare the files with their known sizes and SHA-256")
    .argument("[name]", "cifar-10 or cifar-100 (default: those of which something is there)")
    .option(...DIR)
    .option(...JSON_ROWS)
    .action(async (name: string | undefined, { dir, json }: { dir?: string; json?: boolean }) => {
      const there = presentDatasets(dir).filter(({ present, problem }) => present || problem !== null);
      const names = name ? [name] : there.map((set) => set.name);
      if (names.length === 0)
        throw new Error("Expected a data set to verify but found none: run `gradamp data download cifar-100`");
      const files = (
        await Promise.all(names.map((set) => verifyDataset(set, dir === undefined ? {} : { dir })))
      ).flat();
      const ok = files.every((file) => file.ok);
      if (json) console.log(JSON.stringify({ ok, files }, null, 2));
      else
        for (const { path, expectedSize, foundSize, ...file } of files)
          console.log(
            file.ok
              ? `ok       ${path}`
              : foundSize === null
                ? `missing  ${path}`
                : foundSize !== expectedSize
                  ? `wrong    ${path}: expected ${expectedSize} bytes but found ${foundSize}`
                  : `wrong    ${path}: expected SHA-256 ${file.expectedSha256} but found ${file.foundSha256}`,
          );
      if (!ok) process.exitCode = 1;
    });

  data
    .command("export")
    .description("write the embedded data set as files in CIFAR's binary layout")
    .argument("<folder>", "where to")
    .option("--classes <number>", "10 or 100", classesOption, 10)
    .option("--seed <number>", "which images are drawn", Number, 0)
    .action(async (folder: string, { classes, seed }: { classes: 10 | 100; seed: number }) => {
      for (const path of await exportEmbedded(folder, { classes, seed })) console.log(path);
    });
  // Subcommands end a wrong command line as every other command does.
  for (const command of data.commands) command.exitOverride().copyInheritedSettings(program);
}

function classesOption(value: string): 10 | 100 {
  if (value === "10" || value === "100") return Number(value) as 10 | 100;
  throw new InvalidArgumentError("Expected 10 or 100");
}
