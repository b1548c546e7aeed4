import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { type OnSlurmOptions, runOnSlurm, Sweep } from "../../../src/sweeps";
import { mayPass } from "../../../src/sweeps/slurm/slurm-error";
import { shortTrials } from "../fake-trials";

const base = mkdtempSync(join(tmpdir(), "gradamp-refusals-"));
after(() => rmSync(base, { recursive: true, force: true }));
const trials = shortTrials("ga", "s2", ({ model, labels }) => model.name === "vgg19" && labels.group === "bn" && labels.params === "S2_0.1_0.2"); // prettier-ignore
const path = process.env["PATH"];
let count = 0;

/** Follows a sweep on a Slurm whose commands are these shell scripts. */
async function follow(commands: Record<string, string>, options: OnSlurmOptions = {}) {
  const folder = join(base, String(count++));
  mkdirSync(join(folder, "bin"), { recursive: true });
  const all = { squeue: "exit 0", scontrol: "echo 'MaxArraySize = 1001'", sacct: "exit 1", ...commands };
  for (const [name, script] of Object.entries(all)) {
    writeFileSync(join(folder, "bin", name), `#!/bin/bash\ncd ${folder}\n${script}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }
  const warnings: string[] = [];
  const sweep = new Sweep(join(folder, "sweep"), { trials, groupLayers: null });
  process.env["PATH"] = `${join(folder, "bin")}:/usr/bin:/bin`;
  try {
    const ended = runOnSlurm(sweep, { interval: 20, onWarning: (text) => warnings.push(text), ...options });
    const error = await ended.then(
      () => null,
      (reason: Error) => reason,
    );
    const written = join(folder, "sweep", "slurm");
    const scripts = existsSync(written) ? readdirSync(written).filter((name) => name.endsWith(".sh")) : [];
    const file = join(folder, "asked");
    const asked = existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
    return { error, warnings, scripts, asked };
  } finally {
    process.env["PATH"] = path;
  }
}
const saying = (words: string) => `echo x >> asked; echo "${words}" >&2; exit 1`;

test("a refusal that is final ends the sweep with sbatch's words, and is asked for once", async () => {
  for (const words of [
    "sbatch: error: invalid partition specified: gpuu",
    "sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified",
    "sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)",
    "sbatch: error: Batch job submission failed: Invalid qos specification",
  ]) {
    const { error, warnings, scripts, asked } = await follow({ sbatch: saying(words) });
    assert.equal(error?.message, `sbatch failed: ${words}`);
    assert.deepEqual([warnings, scripts, asked], [[], ["array-0000.sh"], 1]);
  }
});

test("where the controller is away it is asked again, and that is said once with the reason", async () => {
  const stop = new AbortController();
  const sbatch = `${saying("sbatch: error: Unable to contact slurm controller (connect failure)").replace("; exit 1", "")}; [ $(wc -l < asked) -lt 4 ] && exit 1; echo 12`;
  const options = { signal: stop.signal, onProgress: () => stop.abort() };
  const { error, warnings, scripts, asked } = await follow({ sbatch }, options);
  assert.equal(error, null);
  assert.deepEqual([warnings.length, scripts[0]], [1, "array-0000.sh"]);
  assert.match(warnings[0]!, /^sbatch failed: .*Unable to contact slurm controller.*: trying again every 0\.02 s$/);
  assert.ok(asked >= 4);
});

test("who is told to end between two looks looks a last time, and says how things stand", async () => {
  const stop = new AbortController();
  const options = { signal: stop.signal, interval: 60_000, onProgress: () => setTimeout(() => stop.abort(), 10) };
  const { error, asked } = await follow(
    { sbatch: "echo x >> asked; echo 12", squeue: "echo '12_0|RUNNING|n1|None'" },
    options,
  );
  assert.equal(error, null);
  assert.ok(asked >= 1);
});

test("a controller that stays away ends the following after so long", async () => {
  const squeue = saying("slurm_load_jobs error: Unable to contact slurm controller (connect failure)");
  const { error, warnings } = await follow({ squeue, sbatch: "exit 1" }, { patience: 100 });
  assert.match(error!.message, /Unable to contact slurm controller.*for 0 minutes now; the same command goes on$/);
  assert.equal(warnings.length, 1);
});

test("without Slurm's commands, and with options they cannot be told, it ends at once", async () => {
  const { error, warnings } = await follow({ squeue: "exit 127", sbatch: "exit 1" }, { slurm: { partition: "a\nb" } });
  assert.match(error!.message, /Expected partition to be one line/);
  assert.deepEqual(warnings, []);
  process.env["PATH"] = base;
  const sweep = new Sweep(join(base, "none"), { trials, groupLayers: null });
  try {
    await assert.rejects(runOnSlurm(sweep, { interval: 20 }), /Expected Slurm's squeue but found none on the PATH/);
  } finally {
    process.env["PATH"] = path;
  }
});

test("limits on how many jobs may wait pass by themselves; refused values do not", () => {
  const passing = ["QOSMaxSubmitJobPerUserLimit", "Socket timed out on send/recv operation", "Slurm temporarily unable to accept job, sleeping and retrying", "Resource temporarily unavailable"]; // prettier-ignore
  const final = ["Invalid account", "Requested node configuration is not available", "Job violates accounting/QOS policy", "Access/permission denied", "Batch script contains DOS line breaks"]; // prettier-ignore
  assert.deepEqual([passing.map(mayPass), final.map(mayPass)], [passing.map(() => true), final.map(() => false)]);
});
