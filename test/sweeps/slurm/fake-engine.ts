import { join } from "node:path";

import { packageRoot } from "../../../src/files/package-root";
import { fakeTrain } from "../fake-trials";

/** Jobs that run `gradamp sweep-job` with the script that stands for `gradamp train`. */
export const fakeEngine = {
  command: fakeTrain,
  job: [process.execPath, join(packageRoot(), "bin", "gradamp.cjs"), "sweep-job"],
  followUp: [process.execPath, join(__dirname, "fake-advance.js")],
};
