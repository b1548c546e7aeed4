import { spawn } from "node:child_process";

/** What came of a program that had so much time. */
export interface PartResult {
  readonly outcome: "done" | "failed" | "out of time";
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program, and ends it with all that it has started when its time is up. */
export function runPart(command: readonly string[], seconds: number): Promise<PartResult> {
  const [program = "", ...words] = command;
  const began = performance.now();
  // A group of its own: measuring processes are to end with what started them.
  // Within a test of Node's, tests would run none.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], detached: true, env });
  let [stdout, stderr, isLate] = ["", "", false];
  child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (stderr = (stderr + bytes.toString()).slice(-20_000)));
  const end = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };
  const late = setTimeout(() => {
    isLate = true;
    end("SIGKILL");
  }, seconds * 1000);
  return new Promise((resolve) => {
    let status: number | null = null;
    child.on("error", (error) => (stderr += error.message));
    child.on("exit", (code) => (status = code));
    child.on("close", () => {
      clearTimeout(late);
      const outcome = isLate ? "out of time" : status === 0 ? "done" : "failed";
      resolve({ outcome, seconds: (performance.now() - began) / 1000, stdout, stderr });
    });
  });
}
