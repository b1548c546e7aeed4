import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readRunInfo } from "../../../src/runs";
import { nativeBackend } from "../../../src/tensorflow";
import { temporaryFolder } from "../support";
import { outcome, randomNumbers, startTrain, trainWithKills } from "./killed-run";

const skip = nativeBackend() === null;

test("a run that is killed again and again ends with the very numbers of one that was not", { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const plain = startTrain(join(folder, "plain"));
  assert.deepEqual((await plain.ended).code, 0);
  const seed = Date.now() % 2 ** 31;
  const { kills, epochs } = await trainWithKills(join(folder, "killed"), {
    ...{ kills: 4, random: randomNumbers(seed) },
  });
  t.diagnostic(`seed ${seed}: ${kills} kills, with ${epochs.join(", ")} epochs saved (-1: no run yet)`);
  assert.equal(kills, 4);
  assert.deepEqual(outcome(join(folder, "killed")), outcome(join(folder, "plain")));
  assert.equal(readRunInfo(join(folder, "killed")).status, "finished");
});
