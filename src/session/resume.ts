import { checkOptions, checkPath, yesNo } from "../options";
import { RESUME_KINDS, type Resumed, type ResumeOptions, startResuming } from "../runs";
import { noteSaving } from "../cell/kernel-cell";
import { untilEnded } from "./train";

/**
 * Goes on with a run that was saved and did not come to its end, with nothing but its folder, and settles when it has
 * ended.
 *
 * It ends with the very numbers of a run that was never stopped: to the bit on the CPU with the same number of threads,
 * and on a GPU where the process runs with `TF_DETERMINISTIC_OPS=1`.
 *
 * @param folder the run's folder
 * @param options.progress whether progress is shown. Default: true
 * @returns the run with all its rows, the network and the data
 * @throws {RangeError} if the run has ended
 * @throws {TypeError} if it was given functions, or data that only you have: then call `ga.train` with the same
 *   arguments and the same `save`
 *
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 60, validation: 20, test: 20 });
 * const folder = `${mkdtempSync("/tmp/runs-")}/a`;
 * const save = { folder, until: 1 };
 * await ga.train(ga.vgg08({ classes: 10, width: 4 }), data, { epochs: 2, batchSize: 20, save });
 * const { run } = await ga.resume(folder);
 * console.log(run.status, run.epochs.length); // finished 2
 */
export async function resume(folder: string, options: ResumeOptions & { progress?: boolean } = {}): Promise<Resumed> {
  checkOptions("resume", options, { ...RESUME_KINDS, progress: yesNo });
  checkPath(folder, "a run's folder");
  const { progress = true, ...rest } = options;
  noteSaving(folder);
  const resumed = await startResuming(folder, { onNote: (text) => process.stderr.write(`${text}\n`), ...rest });
  await untilEnded(resumed.run, progress);
  return resumed;
}
