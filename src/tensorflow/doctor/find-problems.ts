import type { AddonRecord } from "../setup/installation";
import { NODE_REMEDY, nodeProblem } from "./node-problem";
import type { ProbeReport } from "./probe";
import type { Device, DoctorReport, Problem } from "./report";

export interface Findings {
  readonly requireGpu: boolean;
  /** As `process.versions.node`. */
  readonly node: string;
  /** What the machine lacks for any native TensorFlow; null where it lacks nothing. */
  readonly platformProblem: { readonly message: string; readonly remedy: string } | null;
  /** null where the probing process died. */
  readonly probe: ProbeReport | null;
  /** How it died, and its last words. */
  readonly death: string | null;
  readonly record: Pick<AddonRecord, "kind"> | null;
  /** Whether the addon was built from the sources that are there now. */
  readonly current: boolean;
  readonly devices: readonly Device[];
  readonly cuda: DoctorReport["cuda"];
  /** The driver's libraries that are not there, as libcuda.so.1. */
  readonly missingDriver: readonly string[];
  readonly kernel: DoctorReport["kernel"];
}

/** Everything that is wrong, with what to do about each; the worst first. */
export function findProblems(findings: Findings): Problem[] {
  const { probe, platformProblem } = findings;
  const problems: Problem[] = [];
  const add = (problem: string, remedy: string, blocking: boolean) => problems.push({ problem, remedy, blocking });

  const node = nodeProblem(findings.node);
  if (node !== null) add(node, NODE_REMEDY, true);
  if (platformProblem && probe?.libtensorflow === null) add(platformProblem.message, platformProblem.remedy, true);
  else if (!probe) add(`Loading TensorFlow ended the process: ${findings.death}`, deathRemedy(findings), true);
  else if (probe.fallback) add(`tfjs runs in plain JavaScript: ${probe.fallback}`, "Run `gradamp setup`", true);
  if (probe && !probe.trains)
    add("A gradient came out wrong", "Set TensorFlow up anew: remove the cache's folder and run `gradamp setup`", true);
  if (probe && probe.engines !== 1)
    add(
      `Expected one tfjs engine in the process but found ${probe.engines}`,
      "Install with `npm ci` in gradamp's folder, so that danfojs-node gets gradamp's TensorFlow",
      true,
    );
  // In plain JavaScript, and with an old addon, it is known already.
  if (!findings.current) add("The addon was built from other sources than those here", "Run `gradamp setup`", false);
  else if (probe?.libtensorflow && probe.noGraphs !== null)
    add(`Training runs op by op, which is slower: ${probe.noGraphs}`, "Run `gradamp setup`", false);
  addGpuProblems(findings, add);
  if (!findings.kernel.installed)
    add(
      "No Jupyter kernel for TypeScript is installed",
      "Run `gradamp kernel install`, or `gradamp lab` for a JupyterLab with it",
      false,
    );
  return problems;
}

function deathRemedy({ record }: Findings): string {
  return record?.kind === "gpu"
    ? "Run `gradamp setup --gpu` again, or `gradamp setup --cpu` to train on the processor"
    : "Run `gradamp setup` again; set GRADAMP_CACHE to another folder if it stays";
}

function addGpuProblems(
  { requireGpu, probe, record, devices, cuda, missingDriver }: Findings,
  add: (problem: string, remedy: string, blocking: boolean) => void,
): void {
  if (probe?.gpu) return;
  const card = devices.some(({ type }) => type === "GPU");
  const forCuda = record?.kind === "gpu" || cuda !== null;
  if (!card && (forCuda || requireGpu))
    add(
      missingDriver.length > 0
        ? `No NVIDIA card is visible; the driver's ${missingDriver.join(" and ")} ${missingDriver.length > 1 ? "are" : "is"} missing`
        : "No NVIDIA card is visible",
      "Install NVIDIA's driver and see that `nvidia-smi` lists the card; in a container run with --gpus all",
      requireGpu,
    );
  else if (card && missingDriver.length > 0)
    add(
      `The NVIDIA driver's ${missingDriver.join(" and ")} cannot be found, so TensorFlow does not see the card`,
      "Install the driver's libraries (Debian, Ubuntu: libnvidia-compute and libnvidia-ml of the driver's version)",
      requireGpu,
    );
  if (cuda && !cuda.accepted)
    add(
      cuda.missing.length > 0
        ? `TensorFlow cannot open these CUDA libraries: ${cuda.missing.join(", ")}`
        : "TensorFlow does not accept the CUDA libraries",
      record?.kind === "gpu"
        ? "Run `gradamp setup --gpu`, which brings what is missing"
        : "Run `gradamp setup --gpu`, or put them on LD_LIBRARY_PATH before Node starts",
      requireGpu,
    );
  if (card && !forCuda)
    add("There is an NVIDIA card but TensorFlow is the CPU's", "Run `gradamp setup --gpu`", requireGpu);
  else if (requireGpu && !forCuda) add("TensorFlow is the CPU's", "Run `gradamp setup --gpu`", true);
  else if (card && forCuda && cuda?.accepted !== false && missingDriver.length === 0)
    add(
      probe?.exposed === "-1" || probe?.exposed === ""
        ? "CUDA_VISIBLE_DEVICES hides the card from TensorFlow"
        : "TensorFlow has its CUDA libraries and yet does not use the card",
      "Unset CUDA_VISIBLE_DEVICES; update the driver (CUDA 12 needs 525 or later); TF_CPP_MIN_LOG_LEVEL=0 shows what TensorFlow says",
      requireGpu,
    );
}
