import { spawn } from "node:child_process";

export interface CommandResult {
  /** Exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** What the command wrote to stdout and stderr, in order; the last 64 kB. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a command to its end, without a shell.
 *
 * @throws {Error} if it cannot be started (code ENOENT: there is no such command) or `signal` stopped it
 */
export function runCommand(
  command: string,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...words], {
      cwd: options.cwd,
      env: options.environment ?? process.env,
      signal: options.signal,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let output = "";
    const take = (text: string) => (output = (output + text).slice(-65_536));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-65_536);
      take(text);
    });
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, stdout, output }));
  });
}

/** The end of a command's output, indented, for an error message. */
export function lastLines(output: string, count = 12): string {
  const lines = output.trim().split("\n");
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join("\n");
}
