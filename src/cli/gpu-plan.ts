import { Command } from "commander";
import { formatBytes } from "../progress/format-amounts";
import type { Crossing, FunctionPlan } from "../graph";
import { addTrainFlags, givenOptions } from "./train/flags";
import { trialOfFlags } from "./train/trial-of-flags";
import { EXIT } from "../spec/exit-codes";

/** What is planned where nothing else is said. */
const DEFAULTS: Readonly<Record<string, string>> = { model: "vgg08", data: "embedded" };

/**
 * Prints where the ops of a training would run on a machine with a GPU.
 *
 * @param words options of `gradamp train`
 * @returns the exit code: 1 if an op has no GPU kernel, 2 for a wrong command line
 */
export async function printGpuPlan(words: readonly string[], { json }: { json: boolean }): Promise<number> {
  const command = addTrainFlags(new Command("gradamp doctor --gpu-plan --"));
  command.parse([...words], { from: "user" });
  const given = { ...DEFAULTS, ...givenOptions(command) };
  let trial;
  try {
    ({ trial } = trialOfFlags(given, {}));
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    process.stderr.write(`gradamp: ${error.message}\n`);
    return EXIT.usage;
  }
  const { openTrial, trainOptions } = await import("../experiments/index.js");
  const { planTraining } = await import("../training/index.js");
  const { kernelTable } = await import("../graph/index.js");
  const { model, data } = await openTrial(trial);
  const functions = await planTraining(model, data, trainOptions(trial));
  const { tensorflow, cuda, cudnn } = kernelTable();
  const text = json
    ? JSON.stringify({ tensorflow, cuda, cudnn, trial, functions }, null, 2)
    : describe(functions, `TensorFlow ${tensorflow} (CUDA ${cuda}, cuDNN ${cudnn})`);
  process.stdout.write(`${text}\n`);
  return functions.some(({ fallbacks }) => fallbacks.length > 0) ? 1 : 0;
}

function describe(functions: readonly FunctionPlan[], registry: string): string {
  const lines = [`By the kernels of ${registry}; nothing was run on a GPU.`];
  for (const plan of functions) {
    const { name, nodes, onCard, hostKernels, pinned, fallbacks } = plan;
    const missing = fallbacks.reduce((sum, each) => sum + each.nodes, 0);
    const rest = `${hostKernels} on the host as shapes and indices, ${pinned} kept there by gradamp, ${missing} there for want of a GPU kernel`;
    lines.push("", `${name}, in each step: ${nodes} ops, ${onCard} on the card, ${rest}`);
    for (const fallback of fallbacks)
      lines.push(`  no GPU kernel  ${fallback.nodes} × ${fallback.op} (${fallback.types})`);
    for (const crossing of plan.crossings) lines.push(`  ${crossingText(crossing)}`);
  }
  return lines.join("\n");
}

function crossingText({ direction, bytes, dtype, shape, from, to }: Crossing): string {
  const size = bytes === null ? "unknown size" : formatBytes(bytes);
  return `${direction.padEnd(13)}  ${size.padEnd(9)} ${dtype} [${shape?.join(", ") ?? "?"}], ${from} → ${to}`;
}
