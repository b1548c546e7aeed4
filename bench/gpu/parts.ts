import { join } from "node:path";
import { packageRoot } from "../../src/files/package-root";
import { networkNames } from "../measure/networks";

/** A piece of the benchmark, which has time of its own. */
export interface GpuPart {
  readonly name: string;
  readonly seconds: number;
  /** Where the program writes its results; null for what it prints. */
  readonly json: string | null;
  command(json: string): readonly string[];
}

/** What is measured, most important first: 540 seconds together at most. */
export function gpuParts({ dry }: { readonly dry: boolean }): readonly GpuPart[] {
  const built = join(packageRoot(), "dist");
  const node = (file: string, ...words: readonly string[]) => [process.execPath, join(built, file), ...words];
  const steps = (name: string, only: string, seconds: number, ...more: readonly string[]): GpuPart => ({
    ...{ name, seconds, json: `${name}.json` },
    command: (json) =>
      node("bench/training-step.js", "--only", only, "--json", json, ...more, ...(dry ? ["--tiny", "--seconds", "0.01"] : [])), // prettier-ignore
  });
  const engines = dry ? "graph,graph.xla,float32" : "graph,graph.xla,torch,torch.compile,torch.autocast";
  const networks = dry ? (["vgg08"] as const) : (["vgg08", "resnet18", "vgg38-bn-rc", "vgg19", "resnet50"] as const);
  return [
    {
      ...{ name: "doctor", seconds: 30, json: null },
      command: () => [
        ...[process.execPath, join(packageRoot(), "bin", "gradamp.cjs"), "doctor", "--json"],
        ...(dry ? [] : ["--require-gpu"]),
      ],
    },
    // Gradients of a first step and trajectories against the numbers that PyTorch computed.
    {
      ...{ name: "parity", seconds: 90, json: null },
      command: () => node("test/run.js", ...(dry ? ["models/parity-restarts"] : ["models/parity", "training/parity"])),
    },
    ...networks.map((network) => steps(network, `${network},${engines}`, 70, "--repeats", dry ? "1" : "5")),
    steps("costs", `${networkNames[0]},costs`, 60, "--pairs", dry ? "2" : "4"),
  ];
}
