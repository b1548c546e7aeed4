import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import { Lease, LeaseLostError, type ProcessIdentity, RunHeldError, viewLease } from "../../src/runs/lease";
import { processIdentity } from "../../src/runs/lease/process-identity";
import { temporaryFolder } from "./support";

const elsewhere = (host: string): ProcessIdentity => ({ ...processIdentity(), host, machine: `${host} boot` });
const module_ = join(__dirname, "..", "..", "src", "runs", "lease");

async function take(t: TestContext, run: string, options: Parameters<typeof Lease.take>[1] = {}): Promise<Lease> {
  const lease = await Lease.take(run, { patience: 0.3, ...options });
  t.after(() => lease.release());
  return lease;
}

/** A process that takes the lease, says so and lives until it is killed. */
function holderProcess(t: TestContext, run: string) {
  const child = spawn(process.execPath, [
    "-e",
    `require(${JSON.stringify(module_)}).Lease.take(${JSON.stringify(run)}).then(() => { console.log("held"); setInterval(() => {}, 1000); })`,
  ]);
  t.after(() => child.kill("SIGKILL"));
  return new Promise<typeof child>((resolve) => child.stdout.once("data", () => resolve(child)));
}

test("a lease that was given back can be taken again, any number of times", async (t) => {
  const run = temporaryFolder(t);
  for (let round = 0; round < 3; round++) {
    const lease = await take(t, run);
    lease.confirm();
    lease.release();
  }
  assert.equal(await viewLease(run), null);
  assert.equal(readdirSync(join(run, "lease")).length, 1);
});

test("a second process on this machine is refused at once, and told who writes", async (t) => {
  const run = temporaryFolder(t);
  const child = await holderProcess(t, run);
  await assert.rejects(
    Lease.take(run),
    (error: RunHeldError) => error instanceof RunHeldError && error.message.includes(`process ${child.pid} on`),
  );
});

test("a process of this machine that was killed is replaced at once", async (t) => {
  const run = temporaryFolder(t);
  const child = await holderProcess(t, run);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  // Were it watched as one of another host, this would take an hour.
  const lease = await take(t, run, { patience: 3600 });
  lease.confirm();
  assert.equal((await viewLease(run))?.holder?.pid, process.pid);
});

test("a process number that was given anew is not taken for the holder", async (t) => {
  const run = temporaryFolder(t);
  await take(t, run, { identity: { ...processIdentity(), ticks: "1" }, patience: 3600 });
  (await take(t, run, { patience: 3600 })).confirm();
});

test("a holder on another host that shows signs of life keeps the run", async (t) => {
  const run = temporaryFolder(t);
  const lease = await take(t, run, { identity: elsewhere("a") });
  let waited = 0;
  await assert.rejects(Lease.take(run, { patience: 0.6, identity: elsewhere("b"), onWait: () => waited++ }), {
    name: "RunHeldError",
    message: /on a does/,
  });
  assert.equal(waited, 1);
  lease.confirm();
});

test("a silent holder on another host is replaced, and finds out before it writes again", async (t) => {
  const run = temporaryFolder(t);
  const silent = await take(t, run, { identity: elsewhere("a"), patience: 3600 });
  let told: LeaseLostError | null = null;
  silent.onLost = (error) => (told = error);
  const next = await take(t, run, { identity: elsewhere("b") });
  next.confirm();
  assert.throws(() => silent.confirm(), { name: "LeaseLostError", message: /process \d+ on b has taken it over/ });
  assert.ok(told);
  assert.equal(silent.lost, true);
  // Giving back what one has lost takes nothing from who holds it.
  silent.release();
  next.confirm();
  assert.equal((await viewLease(run))?.holder?.host, "b");
});

test("a heartbeat alone finds out, too", async (t) => {
  const run = temporaryFolder(t);
  const holder = await take(t, run, { identity: elsewhere("a"), patience: 2 });
  const lost = new Promise<LeaseLostError>((resolve) => (holder.onLost = resolve));
  const next = await take(t, run, { identity: elsewhere("b"), patience: 0.2 });
  const keepAlive = setTimeout(() => {}, 10_000);
  assert.ok((await lost) instanceof LeaseLostError);
  clearTimeout(keepAlive);
  next.confirm();
});

test("of many hosts that wait for a silent one, one gets the run", async (t) => {
  const run = temporaryFolder(t);
  await take(t, run, { identity: elsewhere("silent"), patience: 3600 });
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, host) => take(t, run, { identity: elsewhere(`host-${host}`) })),
  );
  const refused = results.filter((result) => result.status === "rejected");
  assert.equal(refused.length, 7);
  assert.ok(refused.every(({ reason }) => reason instanceof RunHeldError));
});

test("of twelve processes that start at once, one writes", async (t) => {
  const run = temporaryFolder(t);
  const script = `
    const { Lease } = require(${JSON.stringify(module_)});
    Lease.take(process.argv[1]).then(() => console.log("held"), (error) => console.log(error.name));
    process.stdin.resume();`;
  const said = await Promise.all(
    Array.from({ length: 12 }, () => {
      const child = spawn(process.execPath, ["-e", script, run]);
      t.after(() => child.kill("SIGKILL"));
      return new Promise<string>((resolve) => child.stdout.once("data", (text) => resolve(String(text).trim())));
    }),
  );
  assert.deepEqual(said.sort(), [...Array.from({ length: 11 }, () => "RunHeldError"), "held"]);
});

test("a folder that cannot be made is called by its own name", async (t) => {
  const file = join(temporaryFolder(t), "file");
  writeFileSync(file, "");
  await assert.rejects(Lease.take(join(file, "run")), (error: Error) => {
    assert.match(error.message, /^Expected to write .*file\/run but a file stands where a folder is needed/);
    return true;
  });
});
