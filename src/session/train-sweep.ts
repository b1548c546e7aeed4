import { checkArgument, checkOptions, type KindsOf, yesNo } from "../options";
import { basename } from "node:path";
import { followSweep } from "./follow-sweep";
import { stopOnInterrupt } from "./stop-on-interrupt";
import { LOCAL_KINDS, type LocalOptions, runLocally, type Sweep, type SweepOutcome } from "../sweeps";

const { signal: _, ...OWN } = LOCAL_KINDS;
const KINDS: KindsOf<Omit<LocalOptions, "signal"> & { progress?: boolean }> = { ...OWN, progress: yesNo };

/**
 * Trains a sweep's trials on this machine, as `runLocally`, and shows how it gets on in the running cell or on standard
 * error; an interrupt lets every trial save its state and end, and the same call goes on from there.
 *
 * What is done already is not done again: a cell that is executed once more returns at once.
 *
 * @param sweep the trials and their folder
 * @param options as `runLocally`; `progress`: whether progress is shown. Default: true
 * @throws {TypeError} for an unknown option or one of a wrong kind
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const trials = ga.reproductionTrials("ga", { scale: "demo" });
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials });
 * const train = () => ga.trainSweep(sweep, { jobs: 2 });
 * console.log(sweep.plan().epochs, typeof train);
 */
export async function trainSweep(
  sweep: Sweep,
  options: Omit<LocalOptions, "signal"> & { progress?: boolean } = {},
): Promise<SweepOutcome> {
  checkOptions("trainSweep", options, KINDS);
  checkArgument(sweep, "a sweep, as of new ga.Sweep,", "folder");
  const { progress = true, ...rest } = options;
  const follower = progress ? followSweep(basename(sweep.folder)) : null;
  const stopping = new AbortController();
  const release = stopOnInterrupt({ stop: () => stopping.abort() });
  try {
    const outcome = await runLocally(sweep, {
      ...rest,
      signal: stopping.signal,
      onProgress: (state) => {
        follower?.update(state);
        rest.onProgress?.(state);
      },
    });
    follower?.end(outcome.state);
    return outcome;
  } finally {
    release();
  }
}
