import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../../files/cache-folder";
import { packageRoot } from "../../../files/package-root";
import { makeFolder } from "../../../files/make-folder";

/**
 * Where the snapshot of a compiler lies that has read the types of ECMAScript, Node and gradamp: what V8 loads in a tenth of
 * the time. It belongs to this Node, this TypeScript and this copy of gradamp.
 */
export function snapshotFile(): string {
  const hash = createHash("sha256");
  for (const name of ["typescript", "@types/node"]) hash.update(readFileSync(require.resolve(`${name}/package.json`)));
  hash.update(readFileSync(join(packageRoot(), "package.json")));
  // In a working copy, compiler and types change with each build, of which this holds a digest; a package has none.
  const build = join(packageRoot(), "dist", "built");
  if (existsSync(build)) hash.update(readFileSync(build));
  return join(cacheFolder(), "kernel", `${snapshotFamily()}${hash.digest("hex").slice(0, 16)}.snapshot`);
}

/** What the snapshots of this Node and this copy of gradamp begin with, whatever their state. */
function snapshotFamily(): string {
  const whose = `${process.version} ${process.arch} ${process.execPath} ${packageRoot()}`;
  return `compiler-${createHash("sha256").update(whose).digest("hex").slice(0, 8)}-`;
}

/** Whether snapshots are wanted: `GRADAMP_KERNEL_SNAPSHOT=0` does without. */
export function canSnapshot(): boolean {
  return process.env["GRADAMP_KERNEL_SNAPSHOT"] !== "0";
}

/** How long a snapshot may take to be made, in milliseconds; who has not made it then is dead. */
const patience = 300_000;

/**
 * Makes the snapshot, in a process of low priority; one kernel of many does. That takes some ten seconds and 80 MB of disk;
 * those of earlier states go.
 *
 * @param onStart gets what ends the work before its time
 * @returns whether it is there now
 */
export async function makeSnapshot(file: string, onStart: (stop: () => void) => void): Promise<boolean> {
  if (existsSync(file)) return true;
  const lock = `${file}.lock`;
  const draft = `${file}.draft`;
  makeFolder(dirname(file));
  if (!take(lock)) return false;
  try {
    const words = ["--no-warnings", "--snapshot-blob", draft, "--build-snapshot", builder()];
    const child = spawn(process.execPath, words, { cwd: dirname(file), stdio: "ignore", env: plainEnvironment() });
    onStart(() => child.kill("SIGKILL"));
    try {
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    } catch {
      // Then it takes its part of the processor.
    }
    const code = await new Promise<number | null>((resolve) => {
      child.once("error", () => resolve(null));
      child.once("exit", resolve);
    });
    if (code !== 0 || !existsSync(draft)) return false;
    renameSync(draft, file);
    const older = (name: string) => name.startsWith(snapshotFamily()) && join(dirname(file), name) !== file;
    for (const name of readdirSync(dirname(file)).filter(older))
      if (!name.endsWith(".lock")) rmSync(join(dirname(file), name), { force: true });
    return true;
  } finally {
    rmSync(draft, { force: true });
    rmSync(lock, { force: true });
  }
}

const builder = () => join(packageRoot(), "bin", "compiler-snapshot.cjs");

function take(lock: string): boolean {
  try {
    if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > patience) rmSync(lock, { force: true });
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    // Another kernel makes it, or nobody may write there.
    return false;
  }
}

/** Without options for Node that snapshots do not bear. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return rest;
}
