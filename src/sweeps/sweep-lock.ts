import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { lock } from "proper-lockfile";

export interface SweepLockOptions {
  /** Milliseconds for which another process's lock is waited for; Infinity waits until it is free. */
  readonly patience: number;
  /** Milliseconds without a sign of life after which a lock is taken to be a killed process's.  Default: 10,000. */
  readonly stale?: number;
}

/**
 * Runs a task while no other process plans the same sweep; the runs have leases of their own.
 *
 * @throws {Error} where another process keeps the lock
 */
export async function withSweepLock<T>(folder: string, options: SweepLockOptions, task: () => Promise<T>): Promise<T> {
  const { patience, stale = 10_000 } = options;
  const since = Date.now();
  for (;;) {
    try {
      const release = await lock(folder, {
        lockfilePath: join(folder, "sweep.lock"),
        stale,
        update: stale / 4,
        // The runs' own leases keep two planners from doing harm.
        onCompromised: () => {},
      });
      try {
        return await task();
      } finally {
        await release().catch(() => {});
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (Date.now() - since > patience)
        throw new Error(`Expected nobody else to run the sweep in ${folder} but found another process at it`, {
          cause: error,
        });
      await sleep(Math.min(500, stale / 10));
    }
  }
}
