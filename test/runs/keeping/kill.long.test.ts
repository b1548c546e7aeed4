import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support";
import { outcome, randomNumbers, startTrain, trainWithKills } from "./killed-run";

/** So many at least; each run takes up to ten. */
const KILLS = 60;

test(`after ${KILLS} kills at random moments, every run has the very numbers of one that was never stopped`, async (t) => {
  const folder = temporaryFolder(t);
  await startTrain(join(folder, "plain")).ended;
  const expected = outcome(join(folder, "plain"));
  const seed = Number(process.env["GRADAMP_KILL_SEED"] ?? Date.now() % 2 ** 31);
  const random = randomNumbers(seed);
  const all: number[] = [];
  for (let run = 0; all.length < KILLS; run++) {
    const killed = join(folder, `killed-${run}`);
    const { kills, epochs } = await trainWithKills(killed, { kills: 10, random });
    assert.deepEqual(outcome(killed), expected, `seed ${seed}, run ${run}, kills after ${epochs.join(", ")} epochs`);
    all.push(...epochs);
    t.diagnostic(`run ${run}: ${kills} kills`);
  }
  const histogram = [-1, 0, 1, 2, 3, 4, 5, 6].map((epoch) => all.filter((found) => found === epoch).length);
  t.diagnostic(`seed ${seed}: ${all.length} kills; by saved epochs (-1: no run yet, 0 … 6): ${histogram.join(", ")}`);
});
