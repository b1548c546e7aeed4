import { nativeBackend } from "./raw-op";

let planning = false;

/** Whether what is compiled shall run on a GPU: one is in use, or is planned for. */
export function runsOnGpu(): boolean {
  return planning || (nativeBackend()?.isUsingGpuDevice ?? false);
}

/**
 * Does something with everything compiled as for a GPU, none of gradamp's own kernels among it, whether one is there or
 * not. What is compiled at the same time elsewhere in the process is so, too.
 */
export async function planningForGpu<Result>(work: () => Promise<Result>): Promise<Result> {
  if (planning) throw new Error("Expected one plan for a GPU at a time");
  planning = true;
  try {
    return await work();
  } finally {
    planning = false;
  }
}
