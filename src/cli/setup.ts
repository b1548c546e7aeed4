import type { Command } from "commander";
import { createInterface } from "node:readline/promises";
import type { Selection, SetupProgress, SetupResult } from "../tensorflow/setup";
import { formatBytes, formatSeconds } from "../progress/format-amounts";
import { type ProgressBar, progressBar } from "../progress/progress-bar";
import { untilInterrupted } from "./until-interrupted";
import { fail as say } from "./failure";
import { exitCodesHelp } from "../spec/exit-codes";

interface Flags {
  readonly cpu?: boolean;
  readonly gpu?: boolean;
  readonly tensorflow?: string;
  readonly yes?: boolean;
  readonly orJavascript?: boolean;
  readonly json?: boolean;
}

export function registerSetup(program: Command): void {
  program
    .command("setup")
    .description("fetch native TensorFlow into a per-user cache, build tfjs-node's addon against it, link it")
    .option("--cpu", "TensorFlow for the CPU, 274 MB (the default, unless another was chosen before)")
    .option("--gpu", "TensorFlow for CUDA with NVIDIA's libraries, 2.9 GB (Linux, x86-64)")
    .option(
      "--tensorflow <path>",
      "use a libtensorflow that is already there (lib/ and include/, or site-packages/tensorflow)",
    )
    .option("--yes", "do not ask before the 2.9 GB of --gpu")
    .option(
      "--or-javascript",
      "exit with 0 where native TensorFlow is not available: tfjs then runs in plain JavaScript",
    )
    .option("--json", "print what was set up as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ gradamp setup
  $ gradamp setup --gpu --yes
  $ gradamp setup --tensorflow ~/venv/lib/python3.12/site-packages/tensorflow
  $ GRADAMP_CACHE=/scratch/gradamp gradamp setup

Needs Python 3 with pip (nothing is installed into it) and a C++ compiler (CXX, else g++). Set up already, it does
nothing and says so. ${exitCodesHelp({ done: "native TensorFlow is ready", failed: "it is not", interrupted: true })}`,
    )
    .action(async (flags: Flags) => {
      process.exitCode = await setup(flags);
    });
}

async function setup(flags: Flags): Promise<number> {
  const { setUpTensorFlow, SetupError } = await import("../tensorflow/setup/index.js");
  const chosen = [flags.cpu, flags.gpu, flags.tensorflow].filter((flag) => flag !== undefined);
  if (chosen.length > 1) return fail("Expected one of --cpu, --gpu and --tensorflow but found several", null, 2);
  const selection: Selection | null = flags.gpu
    ? { variant: "gpu" }
    : flags.cpu
      ? { variant: "cpu" }
      : flags.tensorflow !== undefined
        ? { tensorflow: flags.tensorflow }
        : null;
  const screen = new Screen();
  const started = performance.now();
  try {
    if (flags.gpu && !(await mayDownload(flags))) return fail("Nothing was fetched", null, 1);
    const result = await untilInterrupted((signal) =>
      setUpTensorFlow({ selection, signal, onProgress: (progress) => screen.show(progress) }),
    );
    screen.end();
    const seconds = (performance.now() - started) / 1000;
    if (flags.json) process.stdout.write(`${JSON.stringify({ ...result, seconds }, null, 2)}\n`);
    else process.stderr.write(`${describe(result, seconds)}\n`);
    return 0;
  } catch (error) {
    screen.clear();
    if (!(error instanceof SetupError)) throw error;
    fail(error.message, error.remedy, 1);
    if (!flags.orJavascript) return 1;
    process.stderr.write("gradamp: going on with tfjs's plain JavaScript backend, which is SLOW\n");
    return 0;
  }
}

function fail(message: string, remedy: string | null, exitCode: number): number {
  say(message, remedy);
  return exitCode;
}

async function mayDownload(flags: Flags): Promise<boolean> {
  const { isInstalled, releaseFor, currentPlatform, downloadSize } = await import("../tensorflow/setup/index.js");
  const release = releaseFor(currentPlatform(), "gpu");
  if (flags.yes || isInstalled(release)) return true;
  const question = `TensorFlow for CUDA and NVIDIA's libraries are ${formatBytes(downloadSize(release))} to download. Go on?`;
  if (!process.stdin.isTTY) {
    process.stderr.write(`${question} Say so with --yes.\n`);
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function describe(result: SetupResult, seconds: number): string {
  const kind = { cpu: "for the CPU", gpu: "for CUDA", external: "as given by --tensorflow" }[result.kind];
  const lines = [
    `TensorFlow ${result.tensorflow} ${kind} is ready: ${result.mainLibrary} ` +
      `(${result.changed ? formatSeconds(seconds) : "was there already"})`,
  ];
  if (result.cuda && !result.cuda.accepted)
    lines.push(
      `TensorFlow does not accept the CUDA libraries${result.cuda.missing.length > 0 ? ` (cannot open ${result.cuda.missing.join(", ")})` : ""}: it will run on the CPU. \`gradamp doctor\` says more.`,
    );
  return lines.join("\n");
}

/** Shows set-up's progress: a bar where bytes are counted, a line elsewhere. */
class Screen {
  private phase = "";
  private bar: ProgressBar | null = null;

  show({ phase, detail, bytes, totalBytes }: SetupProgress): void {
    if (bytes === null || totalBytes === null) {
      this.end();
      const verb = { wait: "Waiting for", clean: "Removed", compile: "Compiling", load: "Loading", link: "Linking" };
      const word = verb[phase as keyof typeof verb] ?? phase;
      process.stderr.write(`${word} ${detail}\n`);
      return;
    }
    if (phase !== this.phase) {
      this.end();
      this.phase = phase;
      this.bar = progressBar(phase === "download" ? "Downloading" : "Unpacking", formatBytes);
    }
    this.bar?.update(bytes, totalBytes, detail);
  }

  clear(): void {
    this.bar?.clear();
    this.bar = null;
  }

  end(): void {
    this.bar?.end();
    this.bar = null;
    this.phase = "";
  }
}
