import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../files/make-folder";

const DAY = 24 * 3600 * 1000;
const host = () => hostname().replace(/[^\w.]/g, "_");

/** Makes a working folder in the cache whose name says which process it belongs to. */
export async function makeStaging(cache: string): Promise<string> {
  const folder = join(cache, `staging-${host()}-${process.pid}-${Date.now().toString(36)}`);
  makeFolder(folder);
  return folder;
}

/**
 * Removes what killed set-ups left behind: working folders of this machine's processes that are gone, and of other
 * machines (a home on NFS) that nobody has touched for a day. Call it with the lock held.
 *
 * @returns how many were removed
 */
export async function removeStaleStaging(cache: string): Promise<number> {
  const names = await readdir(cache).catch(() => []);
  let removed = 0;
  for (const name of names) {
    const match = /^staging-(.+)-(\d+)-[0-9a-z]+$/.exec(name);
    if (!match) continue;
    const folder = join(cache, name);
    const stale = match[1] === host() ? !isAlive(Number(match[2])) : Date.now() - (await stat(folder)).mtimeMs > DAY;
    if (!stale) continue;
    await rm(folder, { recursive: true, force: true });
    removed++;
  }
  return removed;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
