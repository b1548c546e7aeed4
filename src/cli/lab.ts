import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { untilInterrupted } from "./until-interrupted";

interface Flags {
  readonly setupOnly?: boolean;
  readonly browser: boolean;
  readonly port?: string;
}

/** `gradamp lab`: a JupyterLab with the kernel, in a project of its own. */
export function registerLab(program: Command): void {
  program
    .command("lab")
    .description("open JupyterLab with the TypeScript kernel; sets it up in the project's .gradamp/jupyter once")
    .argument("[folder]", "the folder to open", ".")
    .argument("[jupyter...]", "further words for JupyterLab, after --")
    .option("--setup-only", "set it up and do not open it")
    .option("--no-browser", "do not open a browser: the address is printed")
    .option("--port <number>", "the port (default: the first free one from 8888)")
    .addHelpText(
      "after",
      `
Examples:
  $ gradamp lab
  $ gradamp lab notebooks --no-browser --port 9000
  $ gradamp lab . -- --ip=0.0.0.0

Needs Python 3.9 or newer with pip; nothing is installed into it. The first time fetches about 100 MB.`,
    )
    .action(async (folder: string, words: string[], flags: Flags) => {
      process.exitCode = await lab(folder, words, flags);
    });
}

async function lab(folder: string, words: readonly string[], flags: Flags): Promise<number> {
  const place = resolve(folder);
  if (!existsSync(place) || !statSync(place).isDirectory())
    throw new RangeError(`Expected a folder to open but found ${folder}`);
  const { setUpLab } = await import("../kernel/lab/set-up-lab.js");
  const say = (message: string) => void process.stderr.write(`${message}\n`);
  const { program, folder: environment } = await untilInterrupted((signal) =>
    setUpLab(place, { onProgress: say, signal }),
  );
  if (flags.setupOnly) {
    console.log(environment);
    return 0;
  }
  const given = [
    "lab",
    `--ServerApp.root_dir=${place}`,
    "--MultiKernelManager.default_kernel_name=gradamp",
    ...(flags.browser ? [] : ["--no-browser"]),
    ...(flags.port === undefined ? [] : [`--port=${flags.port}`]),
    // Jupyter wants to be told that root knows what it does.
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ...words,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(program, given, { stdio: "inherit", cwd: place });
    // A terminal's Ctrl-C reaches Jupyter too, which asks for confirmation; this process ends when Jupyter does.
    const stay = () => undefined;
    process.on("SIGINT", stay);
    process.once("SIGTERM", () => child.kill("SIGTERM"));
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.off("SIGINT", stay);
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}
