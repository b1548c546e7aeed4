/** Trains the tests' run in the folder that it is told, and prints how it ended; for write-failures.test.ts. */
import { readRunInfo } from "../../../src/runs";
import { keep } from "./support";

void keep({ folder: process.argv[2]! }).then(
  ({ run }) => console.log(JSON.stringify({ status: run.status })),
  (error: Error) => {
    let epoch: number | null = null;
    try {
      epoch = readRunInfo(process.argv[2]!).progress?.epoch ?? null;
    } catch {
      // There is no run yet.
    }
    console.log(JSON.stringify({ error: error.message, epoch }));
    process.exitCode = 1;
  },
);
