import type { Command } from "commander";
import type { DoctorReport } from "../tensorflow/doctor";
import type { PresentDataset } from "../datasets/cifar/present-datasets";
import { fail } from "./failure";
import { formatBytes } from "../progress/format-amounts";
import { EXIT } from "../spec/exit-codes";

interface Flags {
  readonly json?: boolean;
  readonly requireGpu?: boolean;
  readonly gpuPlan?: boolean;
}

export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("what gradamp runs on here, and the remedy for whatever is wrong")
    .option("--json", "print the report as JSON")
    .option("--require-gpu", "not running on a GPU is a failure, too")
    .option(
      "--gpu-plan",
      "where each op of a training would run on a GPU, and what would go to and fro in a step; needs no GPU",
    )
    .argument("[options...]", "with --gpu-plan, after --: the training, by the options of `gradamp train`")
    .addHelpText(
      "after",
      `
Examples:
  $ gradamp doctor
  $ gradamp doctor --json | jq .libtensorflow.version
  $ gradamp doctor --require-gpu && sbatch train.sh
  $ gradamp doctor --gpu-plan -- --model ./my-network.ts --data cifar-10 --batch-size 128 --precision bfloat16

Exit codes: 0 training runs natively, 1 it does not (or not on a GPU, with --require-gpu; or an op has no GPU kernel, with
--gpu-plan), 2 wrong command line.`,
    )
    .action(async (words: string[], flags: Flags) => {
      if (flags.gpuPlan) {
        const { printGpuPlan } = await import("./gpu-plan.js");
        process.exitCode = await printGpuPlan(words, { json: flags.json ?? false });
        return;
      }
      if (words.length > 0) {
        fail(`Expected options of a training beside --gpu-plan alone but found ${words.join(" ")}`);
        process.exitCode = EXIT.usage;
        return;
      }
      const { examine } = await import("../tensorflow/doctor/index.js");
      // By its file: the folder's index would load TensorFlow.
      const { presentDatasets } = await import("../datasets/cifar/present-datasets.js");
      const datasets = presentDatasets();
      const examined = await examine({ requireGpu: flags.requireGpu ?? false });
      const damaged = datasets.flatMap(({ name, path, problem }) => {
        if (problem === null) return [];
        const remedy = `Run \`gradamp data download ${name}\``;
        return [{ problem: `${name} in ${path} is not whole: ${problem}`, remedy, blocking: false }];
      });
      const report = { ...examined, problems: [...examined.problems, ...damaged], datasets };
      process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : `${describe(report)}\n`);
      process.exitCode = report.ok ? 0 : 1;
    });
}

function describe(report: DoctorReport & { datasets: PresentDataset[] }): string {
  const { libtensorflow, engine, training, platform, cuda, kernel } = report;
  const rows: [string, string][] = [
    ["gradamp", report.gradamp],
    [
      "Node",
      `${report.node} on ${platform.name}${platform.tested ? "" : " (set-up not run there by gradamp's tests)"}`,
    ],
    ["tfjs", report.tfjs ?? "could not be loaded"],
    ["libtensorflow", libtensorflow ? `${libtensorflow.version}, ${libtensorflow.path}` : "not in use"],
    ["runs on", { native: "native TensorFlow", javascript: "plain JavaScript: SLOW" }[engine ?? "javascript"]],
    [
      "training",
      training === null
        ? "unknown"
        : training.engine === "graph"
          ? "graph engine"
          : `op by op, because ${training.reason}`,
    ],
    ["own operations", report.ownOperations === null ? "unknown" : report.ownOperations.join(", ") || "none"],
    ["tfjs engines", report.engines === null ? "unknown" : `${report.engines} (with danfojs-node loaded)`],
    ...report.devices.map(({ type, name, memory, cores, used }): [string, string] => [
      type,
      [name, cores === null ? "" : `${cores} cores`, memory === null ? "memory unknown" : formatBytes(memory)]
        .filter((word) => word !== "")
        .join(", ") + (used ? " ← trains here" : ""),
    ]),
    ...(cuda ? [["CUDA libraries", cuda.accepted ? "accepted by TensorFlow" : "refused"] as [string, string]] : []),
    ["kernel", kernel.installed ? `${kernel.name}, ${kernel.path}` : "not installed"],
    ...report.datasets.map(({ name, path, present, problem }): [string, string] => [
      name,
      present ? path : problem ? `damaged, ${path}` : `not here (would be in ${path})`,
    ]),
    ["cache", report.cache],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  for (const { problem, remedy, blocking } of report.problems)
    lines.push("", `${blocking ? "PROBLEM" : "note"}: ${problem}`, `  remedy: ${remedy}`);
  lines.push("", report.ok ? "All is well: training runs natively." : "Training cannot run as it should: see above.");
  return lines.join("\n");
}
