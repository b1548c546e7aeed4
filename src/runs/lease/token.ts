import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * The one file whose name says who holds a lease: `17-9c1f2ab3` is held by 9c1f2ab3 and was renewed 17 times, `18-free`
 * by nobody. It changes hands by a rename from exactly the name that was seen, which the file system grants to one.
 */
export interface Token {
  readonly name: string;
  readonly count: number;
  /** Null where it is free. */
  readonly holder: string | null;
}

export function token(count: number, holder: string | null): Token {
  return { name: `${count}-${holder ?? "free"}`, count, holder };
}

/** The folder in a run's folder. */
export function leaseFolder(run: string): string {
  return join(run, "lease");
}

/** Where a holder says who it is. */
export function holderFile(run: string, holder: string): string {
  return join(leaseFolder(run), `holder-${holder}.json`);
}

/** The tokens that a listing shows; one, but for a rename that went on meanwhile. Undefined where there is no lease. */
export function listTokens(run: string): Token[] | undefined {
  try {
    return readdirSync(leaseFolder(run)).flatMap((name) => {
      const [, count, holder] = /^(\d+)-([0-9a-f]{8}|free)$/.exec(name) ?? [];
      return count && holder ? [token(Number(count), holder === "free" ? null : holder)] : [];
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
