import { existsSync } from "node:fs";
import { join } from "node:path";
import { CUDA_CHECK } from "./compile-addon";
import type { CudaAnswer } from "./installation";
import { runCommand } from "./run-command";

/**
 * Asks TensorFlow which CUDA libraries it can open, in a process of its own; needs neither a card nor a driver.
 *
 * @param addonFolder where set-up built the addon and, beside it, the program that asks
 * @returns null where TensorFlow was built for the CPU or cannot be asked
 */
export async function askCuda(addonFolder: string, frameworkLibrary: string): Promise<CudaAnswer | null> {
  const program = join(addonFolder, CUDA_CHECK);
  if (!existsSync(program)) return null;
  const { status, stdout } = await runCommand(program, [frameworkLibrary], {
    environment: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" },
  });
  if (status !== 0 || stdout.startsWith("cuda none")) return null;
  return {
    accepted: /^all accepted$/m.test(stdout),
    missing: [...stdout.matchAll(/^(\S+) missing$/gm)].map((match) => match[1] as string),
  };
}
