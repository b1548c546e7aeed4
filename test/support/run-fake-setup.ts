/**
 * A set-up in a process of its own: `node run-fake-setup.js WORLD.json`, where the file holds a FakeWorld, the cache, the
 * link, and perhaps `killAt`, the phase at whose start the process kills itself as `kill -9` would.
 */
import { readFileSync } from "node:fs";
import { setUpTensorFlow, type SetupProgress } from "../../src/tensorflow/setup";
import type { FakeWorld } from "./fake-release";

export interface FakeSetup extends FakeWorld {
  readonly cache: string;
  readonly link: string;
  readonly killAt: SetupProgress["phase"] | null;
}

const { release, environment, cache, link, killAt } = JSON.parse(
  readFileSync(process.argv[2] as string, "utf8"),
) as FakeSetup;
void setUpTensorFlow({
  selection: { variant: "cpu" },
  release,
  environment,
  cache,
  link,
  lockStale: 2000,
  onProgress: ({ phase, bytes, totalBytes }) => {
    console.log(phase);
    // In the middle where it is counted.
    if (phase === killAt && (bytes === null || bytes * 2 >= (totalBytes ?? 0))) process.kill(process.pid, "SIGKILL");
  },
}).then(({ changed }) => console.log(changed ? "built" : "there already"));
