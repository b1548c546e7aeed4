import assert from "node:assert/strict";
import { runNode } from "./run-node";

/** What a processor may have less of, or more. */
const SETTINGS: readonly Record<string, string>[] = [
  {},
  { TF_NUM_INTRAOP_THREADS: "1" },
  { TF_NUM_INTRAOP_THREADS: "5" },
  { ONEDNN_MAX_CPU_ISA: "AVX2" },
];

/** Asserts that a program that prints a SHA-256 prints the same one whatever the number of threads and width of vectors. */
export function assertSameEverywhere(program: string): void {
  const printed = SETTINGS.map((environment) => {
    const { stdout, stderr } = runNode(["-e", program], { environment });
    return stdout.trim() || stderr;
  });
  assert.match(printed[0]!, /^[0-9a-f]{64}$/);
  SETTINGS.forEach((setting, at) => assert.equal(printed[at], printed[0], JSON.stringify(setting)));
}
