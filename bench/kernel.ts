/**
 * How long a person waits in a notebook: gradamp's kernel beside tslab, Deno and IPython where they are installed, in turn.
 *
 * `npm run bench -- kernel [ROUNDS]`; default 3. Deno: the npm package `deno`, or `deno` on PATH; IPython: `python3` with
 * ipykernel, or the Python that PYTHON names.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { table } from "arquero";
import { KernelClient } from "../src/execute/kernel-client";
import { findProgram } from "../src/files/find-program";
import { kernelCommand } from "../src/kernel/kernel-command";
import { toText } from "../src/tables";
import { words } from "./support/words";

interface Rival {
  name: string;
  command: readonly string[];
  transport: "ipc" | "tcp";
  /** An expression, a loop without end, a name to complete. */
  loop: string;
  /** What brings a library in, and a place behind its name; null where there is none to compare. */
  library: { load: string; place: string } | null;
  /** Whether an interrupt ends a loop; where it does not, nothing after it is measured. */
  heedsInterrupts: boolean;
}

const library = { load: 'import * as ga from "gradamp";', place: "ga." };
const loop = "console.log('on'); while (true) {}";
/** How long what may hang is waited for, in milliseconds. */
const patience = 60_000;

function rivals(): Rival[] {
  const found: Rival[] = [
    { name: "gradamp", command: kernelCommand(), transport: "ipc", loop, library, heedsInterrupts: true },
  ];
  const tslab = join(dirname(dirname(require.resolve("tslab/dist/main.js"))), "bin", "tslab");
  if (existsSync(tslab))
    found.push({
      name: "tslab",
      command: [process.execPath, tslab, "kernel", "--config-path={connection_file}"],
      transport: "ipc",
      loop,
      library,
      heedsInterrupts: false,
    });
  const deno = denoProgram();
  if (deno)
    found.push({
      name: "Deno",
      command: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
      transport: "tcp",
      loop,
      library: null,
      heedsInterrupts: false,
    });
  const python = process.env["PYTHON"] ?? findProgram(["python3"]);
  if (python && spawnSync(python, ["-c", "import ipykernel"]).status === 0)
    found.push({
      name: "IPython",
      command: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
      transport: "ipc",
      loop: "print('on', flush=True)\nwhile True: pass",
      library: { load: "import json as ga", place: "ga." },
      heedsInterrupts: true,
    });
  return found;
}

function denoProgram(): string | null {
  try {
    return createRequire(join(process.cwd(), "package.json")).resolve("deno/bin.cjs");
  } catch {
    return findProgram(["deno"]);
  }
}

const MEASURES = [
  "start to first result",
  "1+1",
  "import at once",
  "import warm",
  "first completion",
  "later completion",
  "interrupt a loop",
  "1+1 after it",
] as const;
type Measure = (typeof MEASURES)[number];

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function measure(rival: Rival, note: (what: Measure, milliseconds: number) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-bench-kernel-"));
  const start = () => KernelClient.start({ folder, command: rival.command, transport: rival.transport });
  const run = (client: KernelClient, code: string) => client.execute(code, { timeout: patience });
  try {
    const began = performance.now();
    const first = await start();
    try {
      await run(first, "1+1");
      note("start to first result", performance.now() - began);
      const times: number[] = [];
      for (let round = 0; round < 9; round++) times.push(await timed(() => run(first, `1+${round}`)));
      note("1+1", median(times)!);
      if (rival.library) {
        await delay(8000);
        note("import warm", await timed(() => run(first, rival.library!.load)));
        const complete = () =>
          first.request(
            "complete_request",
            { code: rival.library!.place, cursor_pos: rival.library!.place.length },
            { timeout: patience, afterReply: () => Promise.resolve() },
          );
        note("first completion", await timed(complete));
        note("later completion", await timed(complete));
      }
    } finally {
      await first.close();
    }
    const second = await start();
    try {
      if (rival.library && rival.name !== "IPython")
        note("import at once", await timed(() => run(second, rival.library!.load)));
      if (rival.heedsInterrupts) {
        let asked = 0;
        const request = second.execute(rival.loop, {
          timeout: patience,
          onMessage: ({ type }) => {
            if (type !== "stream" || asked > 0) return;
            asked = performance.now();
            second.signal("SIGINT");
          },
        });
        await request;
        note("interrupt a loop", performance.now() - asked);
        note("1+1 after it", await timed(() => run(second, "1+1")));
      }
    } finally {
      await second.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const [given = "3"] =
    words(`How long a person waits in a notebook: milliseconds, beside tslab, Deno and IPython where they are installed.

npm run bench -- kernel [ROUNDS]

ROUNDS: how often each kernel is tried, in turn; the median counts. Default: 3.
`);
  const rounds = Number(given);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`Expected a whole number of rounds above 0 but found ${given}`);
  const all = rivals();
  const results = new Map(all.map(({ name }) => [name, new Map<Measure, number[]>()]));
  for (let round = 0; round < rounds; round++)
    for (const rival of all) {
      const own = results.get(rival.name)!;
      try {
        await measure(rival, (what, milliseconds) => own.set(what, [...(own.get(what) ?? []), milliseconds]));
      } catch (error) {
        console.error(`${rival.name}: ${(error as Error).message.split("\n")[0]}`);
      }
    }
  const cell = (name: string, what: Measure) => median(results.get(name)?.get(what) ?? [])?.toFixed(0) ?? "–";
  const columns = Object.fromEntries(all.map(({ name }) => [name, MEASURES.map((what) => cell(name, what))]));
  console.log(toText(table({ "median, ms": [...MEASURES], ...columns }), { best: false, limit: null }));
}

void main();
