import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { recordTraining } from "../../src/runs";
import type { Run } from "../../src/training";
import { tinyData, tinyModel } from "../support/tiny";
import { Session } from "../kernel/session";

describe("an interrupt of a cell, while a run that goes on elsewhere is watched", () => {
  let session: Session;
  let run: Run;
  const place = join(mkdtempSync(join(tmpdir(), "gradamp-live-")), "elsewhere");
  const watched = JSON.stringify(place);
  before(async () => {
    run = await recordTraining(tinyModel(), tinyData(), { epochs: 100_000, batchSize: 25 }, { folder: place });
    session = await Session.start();
    assert.equal((await session.run('import * as ga from "gradamp";')).error, null);
  });
  after(async () => {
    await session?.close();
    run?.stop();
    await run?.finished;
    rmSync(join(place, ".."), { recursive: true, force: true });
  });
  const html = (text: unknown) => /"status":"(\w+)"/.exec(String(text))?.[1];

  test("ends the watching where the cell waits for its end, and leaves the last dashboard", async () => {
    const { error, messages } = await session.interrupted(
      `const first = ga.watch(${watched}, { every: 0.1, picture: false });\nsetTimeout(() => console.log("on"), 500);\nawait first.finished;`,
    );
    assert.equal(error?.ename, "Interrupted");
    const shown = messages.flatMap(({ type, content }) =>
      type === "update_display_data" ? [(content.data as Record<string, unknown>)["text/html"]] : [],
    );
    assert.equal(shown.map(html).filter(Boolean).at(-1), "unwatched");
    assert.equal((await session.run("first.ended")).result, "true");
    assert.equal(run.status, "running");
  });

  test("ends it where a later cell waits, and not where another cell is interrupted", async () => {
    await session.run(`const second = ga.watch(${watched}, { every: 0.1, picture: false });`);
    // Each prints once it waits: an interrupt that came sooner would end the cell before it had asked.
    await session.interrupted('setTimeout(() => console.log("on"), 100); await new Promise(() => {});');
    assert.equal((await session.run("second.ended")).result, "false");
    await session.interrupted('setTimeout(() => console.log("on"), 100); await second.finished;');
    assert.equal((await session.run("second.ended")).result, "true");
  });
});
