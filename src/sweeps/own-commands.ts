import { join } from "node:path";

import { packageRoot } from "../files/package-root";

/** What a sweep's processes and jobs run unless told otherwise: this very installation. */
export function ownCommands(): { command: string[]; job: string[]; followUp: string[] } {
  const gradamp = [process.execPath, join(packageRoot(), "bin", "gradamp.cjs")];
  return {
    command: [...gradamp, "train"],
    job: [...gradamp, "sweep-job"],
    followUp: [...gradamp, "sweep-advance"],
  };
}
