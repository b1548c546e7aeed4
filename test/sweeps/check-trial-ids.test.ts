import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { trials, type TrialSpec } from "../../src/experiments";
import { planSweep, Sweep } from "../../src/sweeps";
import { checkTrialIds } from "../../src/sweeps/check-trial-ids";

const base = mkdtempSync(join(tmpdir(), "gradamp-ids-"));
after(() => rmSync(base, { recursive: true, force: true }));
const [trial] = trials("vgp");
const named = (...ids: unknown[]) => ids.map((id) => ({ ...trial!, id }) as TrialSpec);

test("the papers' own ids are names", () => {
  for (const paper of ["vgp", "ga", "iga"] as const) checkTrialIds(trials(paper));
  checkTrialIds(named("a", "Γ=2,β=0.5", "my run (2)", "a.b-c_d"));
});

test("an id that would lead out of the sweep's folder, or be no name, is refused before anything is written", () => {
  const wrong = ["../../evil", "..", ".", "", "a/b", "a\\b", "/etc", ".hidden", "a\nb", "a\0b", " a", "a ", "a.", "x".repeat(181), "a\x1b[2J"]; // prettier-ignore
  for (const id of wrong) {
    assert.throws(() => planSweep(named(id)), /Expected a trial's id to be a name for a folder/, JSON.stringify(id));
    assert.throws(() => new Sweep(join(base, "out"), { trials: named(id), groupLayers: null }), RangeError);
  }
  for (const id of [null, 5, undefined, ["a"]])
    assert.throws(() => planSweep(named(id)), /Expected a trial's id to be a text but found/);
  assert.throws(() => planSweep(named("a", "A")), /Expected every trial to have an id of its own but found A twice/);
  assert.equal(existsSync(join(base, "out")), false);
  assert.deepEqual(readdirSync(base), []);
});
