import { readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { isAlive } from "./is-alive";
import type { ProcessIdentity } from "./process-identity";
import { holderFile, leaseFolder, listTokens, type Token } from "./token";

/** Who a holder said it is; null where its file is gone. */
export function readHolder(run: string, holder: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(holderFile(run, holder), "utf8")) as ProcessIdentity;
  } catch {
    return null;
  }
}

/** The token of a run's lease; undefined where there is no lease. */
export async function currentToken(run: string): Promise<Token | undefined> {
  // A listing that runs while the token is renamed may show it twice or not at all.
  for (let attempt = 0; attempt < 50; attempt++) {
    const found = listTokens(run);
    if (found === undefined || found.length === 1) return found?.[0];
    await sleep(10);
  }
  throw new Error(
    `Expected one token in ${leaseFolder(run)} but found another number of them: ` +
      "where no process writes this run, remove that folder",
  );
}

/** What a look at a run's lease shows, without waiting. */
export interface LeaseView {
  readonly holder: ProcessIdentity | null;
  /** Whether its process runs; null where that cannot be told from here. */
  readonly alive: boolean | null;
  /** Seconds since the last sign of life, by the file system's clock and this machine's. */
  readonly silent: number;
}

/** Who holds a run; null where nobody does. */
export async function viewLease(run: string): Promise<LeaseView | null> {
  const found = await currentToken(run);
  if (found === undefined || found.holder === null) return null;
  const holder = readHolder(run, found.holder);
  const silent = (Date.now() - statSync(leaseFolder(run)).mtimeMs) / 1000;
  return { holder, alive: holder === null ? null : isAlive(holder), silent };
}
