import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readRun, readRunInfo } from "../../../src/runs";
import { temporaryFolder } from "../support";
import { outcome, startTrain } from "./killed-run";

/** Whether a process can get a host name and process numbers of its own, as on another host. */
const hosts = spawnSync("unshare", ["-rupf", "--mount-proc", "true"]).status === 0;
const gradamp = join(__dirname, "..", "..", "..", "..", "bin", "gradamp.cjs");

/** The run's command on another host: its own host name and process numbers, the same files. */
function startElsewhere(host: string, folder: string, seconds: number) {
  const command =
    'hostname "$host" && exec "$node" "$gradamp" train --config "$folder.json" --run "$folder" --progress none';
  const child = spawn("unshare", ["-rupf", "--mount-proc", "--kill-child", "sh", "-ec", command], {
    env: { ...process.env, host, folder, node: process.execPath, gradamp, GRADAMP_LEASE_SECONDS: String(seconds) },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += String(text)));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, output })),
  );
  return { child, ended };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const segments = (folder: string) => {
  try {
    return readdirSync(join(folder, "epochs")).filter((name) => name.endsWith(".arrow")).length;
  } catch {
    return 0;
  }
};

test("of two hosts that are given the same run, one trains it", { skip: !hosts }, async (t) => {
  const folder = join(temporaryFolder(t), "a");
  await startTrain(`${folder}-plain`).ended;
  spawnSync("cp", [`${folder}-plain.json`, `${folder}.json`]);
  const all = ["one", "two", "three"].map((host) => startElsewhere(host, folder, 6));
  const codes = (await Promise.all(all.map(({ ended }) => ended))).map(({ code, output }) => ({ code, output }));
  const text = codes.map(({ code, output }) => `${code}: ${output}`).join("\n");
  // Who comes when the first has finished finds nothing left to do.
  assert.ok(codes.filter(({ code }) => code === 0).length >= 1, text);
  assert.ok(
    codes.every(({ code }) => code === 0 || code === 4),
    text,
  );
  assert.deepEqual(outcome(folder), outcome(`${folder}-plain`));
  assert.equal(readRunInfo(folder).sessions?.length, 1);
});

test(
  "a host that fell silent is replaced; when it comes back, it writes nothing and says why",
  { skip: !hosts },
  async (t) => {
    const folder = join(temporaryFolder(t), "a");
    await startTrain(`${folder}-plain`).ended;
    spawnSync("cp", [`${folder}-plain.json`, `${folder}.json`]);
    const first = startElsewhere("silent", folder, 2);
    await until(() => segments(folder) >= 1);
    // Everything of the first host stands still, as after a lost connection.
    const found = spawnSync("pgrep", ["-f", `train --config ${folder}.json`], { encoding: "utf8" }).stdout;
    const stopped = found
      .split("\n")
      .filter((line) => line !== "")
      .map(Number);
    assert.ok(stopped.length > 0 && stopped.every((pid) => pid > 1), found);
    for (const pid of stopped) process.kill(pid, "SIGSTOP");
    const second = startElsewhere("next", folder, 2);
    const { code, output } = await second.ended;
    assert.equal(code, 0, output);
    const before = JSON.stringify([readRun(folder), readRunInfo(folder)]);
    for (const pid of stopped) process.kill(pid, "SIGCONT");
    const back = await first.ended;
    assert.equal(back.code, 4, back.output);
    assert.match(
      back.output,
      /Expected to hold .* still but found that .* taken it over: nothing more is written here/,
    );
    assert.equal(JSON.stringify([readRun(folder), readRunInfo(folder)]), before);
    assert.deepEqual(outcome(folder), outcome(`${folder}-plain`));
    assert.deepEqual(
      readRunInfo(folder).sessions?.map(({ host }) => host),
      ["silent", "next"],
    );
  },
);
