import assert from "node:assert/strict";
import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { TestContext } from "node:test";

import { random, type Random } from "../../../src/datasets/batches/random";
import { readRun, startResuming } from "../../../src/runs";
import { temporaryFolder } from "../support";
import { data, keep, numbers, options, undisturbed, weightsOf } from "./support";

/** What was done, and how it came out. */
interface Damaged {
  readonly what: string;
  readonly outcome: "same numbers" | "named error";
}

/**
 * Damages files of a run at random, so many times, each time anew, and goes on with it.
 *
 * It must read as it was or not at all, and end with the undisturbed numbers, or with an error that names a file in the
 * folder: never with other numbers, never with rows gone.
 */
export async function damageRuns(t: TestContext, count: number, seed: number): Promise<Damaged[]> {
  const root = temporaryFolder(t);
  const plain = await undisturbed();
  const whole = { rows: numbers(plain.run), weights: plain.weights };
  const template: Record<string, string> = {};
  for (const [name, until, given] of [
    ["stopped", 3, options],
    ["finished", null, options],
    ["other stopped", 3, { ...options, seed: 9 }],
    ["other finished", null, { ...options, seed: 9 }],
  ] as const) {
    template[name] = join(root, name);
    await keep({ folder: join(root, name), until }, given);
  }
  const found: Damaged[] = [];
  for (let at = 0; at < count; at++) {
    const draw = random(seed, at);
    const from = draw.integer(3) === 0 ? "finished" : "stopped";
    const folder = join(root, `run-${at}`);
    cpSync(template[from]!, folder, { recursive: true });
    const before = numbers(readRun(folder));
    const steps = Array.from({ length: 1 + draw.integer(2) }, () => damage(folder, template[`other ${from}`]!, draw));
    const what = `seed ${seed}, number ${at}, ${from}: ${steps.join(", then ")}`;
    const names = (error: unknown) => {
      const { message } = error as Error;
      assert.ok(message.includes(folder), `${what}: an error that names a file but found ${(error as Error).stack}`);
      assert.doesNotMatch(message, /Cannot read properties/, what);
    };
    try {
      assert.deepEqual(numbers(readRun(folder)), before, what);
    } catch (error) {
      if ((error as Error).name === "AssertionError") throw error;
      names(error);
    }
    let outcome: Damaged["outcome"] = "same numbers";
    try {
      // Without its run.json a finished run is refused to be resumed; by the same call it is read.
      const byFolder = from === "stopped" && draw.integer(2) === 0;
      const { run, weights } = byFolder ? await resumed(folder) : await keep({ folder });
      assert.deepEqual([numbers(run), weights], [whole.rows, whole.weights], what);
      assert.deepEqual(numbers(readRun(folder)), whole.rows, what);
    } catch (error) {
      if ((error as Error).name === "AssertionError") throw error;
      names(error);
      outcome = "named error";
    }
    found.push({ what, outcome });
    rmSync(folder, { recursive: true });
  }
  return found;
}

async function resumed(folder: string) {
  const { run, model } = await startResuming(folder, { data });
  try {
    await run.finished;
    return { run, weights: weightsOf(model) };
  } finally {
    model.dispose();
  }
}

/** Does something to one of a run's files. */
function damage(folder: string, other: string, draw: Random): string {
  const list = (root: string) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name).slice(root.length + 1)] : []))
      .sort();
  const files = list(folder);
  const file = files[draw.integer(files.length)]!;
  const path = join(folder, file);
  const bytes = readFileSync(path);
  switch (draw.integer(4)) {
    case 0:
      rmSync(path);
      return `${file} deleted`;
    case 1: {
      const length = draw.integer(bytes.length + 1);
      truncateSync(path, length);
      return `${file} cut to ${length} of ${bytes.length} bytes`;
    }
    case 2: {
      if (bytes.length === 0) return `${file} left`;
      const at = draw.integer(bytes.length);
      bytes[at]! ^= 1 << draw.integer(8);
      writeFileSync(path, bytes);
      return `${file} flipped at ${at}`;
    }
    default: {
      const alike = list(other).filter((name) => dirname(name) === dirname(file));
      const source = alike[draw.integer(alike.length)];
      if (source === undefined) return `${file} left`;
      // Under its own name, or under that of what it replaces.
      const name = draw.integer(2) === 0 ? basename(source) : basename(file);
      rmSync(path);
      copyFileSync(join(other, source), join(dirname(path), name));
      return `${file} replaced by another run's ${source} as ${name}`;
    }
  }
}
