import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { missingCudaLibraries } from "./find-cuda-libraries";
import type { AddonRecord } from "./setup/installation";

/** Whether the machine shows an NVIDIA card: a device file, the driver's list, or WSL 2's adapter. */
export function hasNvidiaCard(): boolean {
  return ["/dev/nvidiactl", "/dev/nvidia0", "/proc/driver/nvidia/gpus", "/dev/dxg"].some((path) => existsSync(path));
}

/**
 * Sets what TensorFlow for CUDA reads of the environment, before it is loaded.
 *
 * - Without its CUDA libraries it is kept off the GPU: with a card and a driver but without them it would not fall back
 *   to the CPU but abort the process while it makes its context.
 * - One GPU is exposed, the first of those allowed: ops that name no device would put tensors on the last one.
 * - Memory grows as needed, so that two notebooks can share a card; XLA finds ptxas and libdevice in the cache.
 *
 * @returns what to tell the user, or null
 */
export function prepareGpu(
  record: Pick<AddonRecord, "kind" | "nvidia" | "cuda" | "frameworkLibrary"> | null,
  environment: NodeJS.ProcessEnv = process.env,
  card: boolean = hasNvidiaCard(),
): string | null {
  if (!record || record.kind === "cpu" || (record.kind === "external" && record.cuda === null)) return null;
  const allowed = environment["CUDA_VISIBLE_DEVICES"];
  if (allowed === "-1" || allowed === "") return null;
  // A site-packages folder has nvidia/ beside tensorflow/.
  const nvidia = record.nvidia ?? join(dirname(dirname(record.frameworkLibrary)), "nvidia");
  const missing = missingCudaLibraries(nvidia, environment);
  if (missing.length > 0 || record.cuda?.accepted === false) {
    environment["CUDA_VISIBLE_DEVICES"] = "-1";
    const what = missing.length > 0 ? `${missing.join(", ")} not found` : "TensorFlow does not accept them";
    return `gradamp: TensorFlow for CUDA runs on the CPU, because of its CUDA libraries: ${what}. Remedy: gradamp setup --gpu`;
  }
  if (!card) {
    environment["CUDA_VISIBLE_DEVICES"] = "-1";
    return "gradamp: TensorFlow for CUDA runs on the CPU, because no NVIDIA card is visible. Remedy: gradamp doctor --require-gpu says what is missing; gradamp setup --cpu";
  }
  environment["CUDA_VISIBLE_DEVICES"] = allowed?.split(",")[0] ?? "0";
  environment["TF_FORCE_GPU_ALLOW_GROWTH"] ??= "true";
  if (record.nvidia && !environment["XLA_FLAGS"]?.includes("xla_gpu_cuda_data_dir"))
    environment["XLA_FLAGS"] =
      `${environment["XLA_FLAGS"] ?? ""} --xla_gpu_cuda_data_dir=${join(record.nvidia, "cuda_nvcc")}`.trim();
  return null;
}
