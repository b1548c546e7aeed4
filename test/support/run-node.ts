import { spawnSync } from "node:child_process";

export interface NodeRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node to its end: a program's file and words, or `-e` and a program. */
export function runNode(
  words: readonly string[],
  options: { cwd?: string; environment?: NodeJS.ProcessEnv; node?: string; timeout?: number } = {},
): NodeRun {
  const { status, stdout, stderr } = spawnSync(options.node ?? process.execPath, [...words], {
    cwd: options.cwd,
    env: { ...process.env, NODE_OPTIONS: "", ...options.environment },
    encoding: "utf8",
    // Milliseconds after which it is killed: for what must not hang.
    ...(options.timeout === undefined ? {} : { timeout: options.timeout, killSignal: "SIGKILL" }),
  });
  return { status, stdout, stderr };
}
