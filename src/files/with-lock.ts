import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { explainWriteError } from "./explain-write-error";

export interface LockOptions {
  /** What the lock is called in the folder, as `setup.lock`. */
  readonly name: string;
  /** Milliseconds for which another process's lock is waited for. Default: Infinity. */
  readonly patience?: number | undefined;
  /** Milliseconds without a sign of life after which a lock is taken to be a killed process's. Default: 10,000. */
  readonly stale?: number | undefined;
  /** Called where a lock is replaced that a process which died has left. */
  readonly onTakeover?: (() => void) | undefined;
  /** Called once where another process holds the lock. */
  readonly onWait?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a task while no other process holds a folder's lock of that name.
 *
 * A killed process's lock lapses by itself. Should two run all the same (a laptop that slept), what the lock guards
 * must do no harm: files that get their names by one rename, runs with leases of their own.
 *
 * @param folder must exist
 * @throws {Error} if another process keeps the lock for longer than patience allows, or the folder cannot be written:
 *   that is not tried again, since it does not pass by itself
 */
export async function withLock<T>(folder: string, options: LockOptions, task: () => Promise<T>): Promise<T> {
  const { name, patience = Infinity, stale = 10_000, onWait, onTakeover, signal } = options;
  const since = Date.now();
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    let release;
    const left = hasLapsed(join(folder, name), stale);
    try {
      release = await lock(folder, {
        lockfilePath: join(folder, name),
        stale,
        update: stale / 4,
        onCompromised: () => {},
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw explainWriteError(error, join(folder, name));
      if (Date.now() - since > patience)
        throw new Error(
          `Expected nobody else to work in ${folder} but found another process at it: wait for it, or stop it`,
          { cause: error },
        );
      if (!told) onWait?.();
      told = true;
      await sleep(Math.min(250, stale / 10), undefined, signal ? { signal } : {});
      continue;
    }
    if (left) onTakeover?.();
    try {
      return await task();
    } finally {
      await release().catch(() => {});
    }
  }
}

/** Whether a lock is there whose holder has given no sign of life for so many milliseconds. */
function hasLapsed(path: string, stale: number): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > stale;
  } catch {
    return false;
  }
}
