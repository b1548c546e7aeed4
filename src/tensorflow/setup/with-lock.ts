import { mkdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";

export interface LockOptions {
  /** Called once where another process holds the lock. */
  readonly onWait?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** After how many ms without a sign of life a lock is taken to be a killed process's; 10 000. */
  readonly stale?: number;
}

/**
 * Runs a task while no other set-up works in the same cache.
 *
 * A killed process's lock lapses by itself.  Should two run all the same (a laptop that slept), they still do no harm:
 * everything gets its final name by one rename.
 */
export async function withLock<T>(cache: string, task: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  await mkdir(cache, { recursive: true });
  const stale = options.stale ?? 10_000;
  let told = false;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const release = await lock(cache, {
        lockfilePath: join(cache, "setup.lock"),
        stale,
        update: stale / 4,
        onCompromised: () => {},
      });
      try {
        return await task();
      } finally {
        await release().catch(() => {});
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (!told) options.onWait?.();
      told = true;
      await sleep(250, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}
