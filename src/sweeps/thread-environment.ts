/**
 * What limits a trial's process to so many threads; the sums of a convolution depend on their number in their last digits.
 *
 * On a GPU the host only launches kernels, and several of its operations at a time keep the device busy.
 */
export function threadEnvironment(threads: number, onGpu: boolean): Record<string, string> {
  const count = String(threads);
  return {
    TF_NUM_INTRAOP_THREADS: count,
    OMP_NUM_THREADS: count,
    ...(onGpu ? {} : { TF_NUM_INTEROP_THREADS: count }),
  };
}
