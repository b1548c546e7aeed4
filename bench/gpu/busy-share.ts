import { spawn } from "node:child_process";

/**
 * How much of the time a card computes while something runs, in per cent: what `nvidia-smi` says each fifth of a second, the
 * middle of the upper half, since programs start and end meanwhile; null without it.
 */
export async function busyShare(work: () => Promise<unknown>): Promise<number | null> {
  const query = ["--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "--loop-ms=200"];
  const child = spawn("nvidia-smi", query, { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.on("error", () => undefined);
  child.stdout.on("data", (bytes: Buffer) => (text += bytes.toString()));
  try {
    await work();
  } finally {
    child.kill();
  }
  return upperMiddle(text.split("\n").filter(Boolean).map(Number).filter(Number.isFinite));
}

/** The 75th percentile of some numbers; null for none. */
export function upperMiddle(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : [...numbers].sort((a, b) => a - b)[Math.floor(0.75 * numbers.length)]!;
}
