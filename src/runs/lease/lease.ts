import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { temporaryPrefix } from "../../files/atomic-file";
import { explainWriteError } from "../../files/explain-write-error";
import { makeFolder } from "../../files/make-folder";
import { writeFileAtomically } from "../../files/write-file-atomically";
import { isAlive } from "./is-alive";
import { LeaseLostError, RunHeldError } from "./lease-errors";
import { type ProcessIdentity, processIdentity } from "./process-identity";
import { currentToken, readHolder } from "./read-holder";
import { holderFile, leaseFolder, listTokens, type Token, token } from "./token";

export interface LeaseOptions {
  /**
   * Seconds of silence after which a holder on another machine is taken to be dead; it renews six times as often.
   * Default: `GRADAMP_LEASE_SECONDS`, else 60.
   */
  readonly patience?: number;
  /** Who takes it; this process. */
  readonly identity?: ProcessIdentity;
  /** Called where a holder that has died, or fell silent, is replaced. */
  readonly onTakeover?: (holder: ProcessIdentity | null) => void;
  /** Called once where a holder on another machine has to be watched. */
  readonly onWait?: (holder: ProcessIdentity | null) => void;
  readonly signal?: AbortSignal;
}

/**
 * The right to write a run, which one process has at a time, also among hosts that share a file system.
 *
 * A renewal and a takeover are both a rename of the token from the name that was last seen, so that of two who try one
 * fails, whatever their clocks and caches say. Files are written after {@link confirm}, which is such a renewal.
 */
export class Lease {
  /** Called when a renewal finds that another process has taken over. */
  onLost: (error: LeaseLostError) => void = () => {};
  #token: Token;
  #lost: LeaseLostError | null = null;
  readonly #timer: NodeJS.Timeout;

  private constructor(
    readonly run: string,
    readonly id: string,
    held: Token,
    patience: number,
  ) {
    this.#token = held;
    this.#timer = setInterval(() => this.#heartbeat(), (patience * 1000) / 6);
    this.#timer.unref();
  }

  /**
   * Takes the lease of a run's folder, which is created where it is missing.
   *
   * A dead holder on this machine is replaced at once; one on another machine when it gives no sign of life for as long
   * as `patience` says, on this process's own clock.
   *
   * @throws {RunHeldError} if another process writes the run
   */
  static async take(run: string, options: LeaseOptions = {}): Promise<Lease> {
    const { patience = Number(process.env["GRADAMP_LEASE_SECONDS"] ?? 60), identity = processIdentity() } = options;
    if (!(patience > 0)) throw new RangeError(`Expected patience to be above 0 seconds but found ${patience}`);
    const id = randomBytes(4).toString("hex");
    if (create(run, id, identity)) return new Lease(run, id, token(1, id), patience);

    let watched: { name: string; since: number } | null = null;
    for (;;) {
      options.signal?.throwIfAborted();
      const found = await currentToken(run);
      // Nobody removes a lease; should it happen by hand, there is none to respect.
      if (found === undefined) return Lease.take(run, options);
      const holder = found.holder === null ? null : readHolder(run, found.holder);
      const alive = found.holder === null ? false : holder === null ? null : isAlive(holder, identity);
      if (alive === true) throw new RunHeldError(run, holder);
      if (alive === null) {
        // Someone else is the holder by now, or this one has renewed: somebody is at work.
        if (watched !== null && watched.name !== found.name) throw new RunHeldError(run, holder);
        if (watched === null) options.onWait?.(holder);
        watched ??= { name: found.name, since: performance.now() };
        if (performance.now() - watched.since < patience * 1000) {
          await sleep(Math.min(1000, patience * 100));
          continue;
        }
      }
      writeFileAtomically(holderFile(run, id), JSON.stringify(identity));
      const taken = token(found.count + 1, id);
      if (exchange(run, found, taken)) {
        removeOthers(run, id);
        if (found.holder !== null) options.onTakeover?.(holder);
        return new Lease(run, id, taken, patience);
      }
      rmSync(holderFile(run, id), { force: true });
      // It changed hands in this moment, or the listing was out of date: the holder is at work.
      if (alive === null) throw new RunHeldError(run, holder);
    }
  }

  /**
   * Renews the lease; called before every write.
   *
   * @throws {LeaseLostError} if another process has taken over
   */
  confirm(): void {
    if (this.#lost !== null) throw this.#lost;
    const next = token(this.#token.count + 1, this.id);
    if (exchange(this.run, this.#token, next)) {
      this.#token = next;
      return;
    }
    clearInterval(this.#timer);
    const holder = (listTokens(this.run) ?? []).find((other) => other.holder !== this.id)?.holder ?? null;
    this.#lost = new LeaseLostError(this.run, holder === null ? null : readHolder(this.run, holder));
    this.onLost(this.#lost);
    throw this.#lost;
  }

  /** Whether another process is known to have taken over. */
  get lost(): boolean {
    return this.#lost !== null;
  }

  /** Gives the lease back. */
  release(): void {
    clearInterval(this.#timer);
    if (this.#lost !== null) return;
    try {
      exchange(this.run, this.#token, token(this.#token.count + 1, null));
      rmSync(holderFile(this.run, this.id), { force: true });
    } catch {
      // Whoever comes next finds that this process has ended.
    }
  }

  #heartbeat(): void {
    try {
      this.confirm();
    } catch {
      // A lost lease was told to `onLost`; a file system that is away for a moment shows at the next write.
    }
  }
}

/** Makes the lease of a run that has none, held from the first moment; false where there is one. */
function create(run: string, id: string, identity: ProcessIdentity): boolean {
  if (existsSync(leaseFolder(run))) return false;
  const prepared = join(run, `${temporaryPrefix}lease-${id}`);
  // First, so that what cannot be made is called by the name that the caller knows.
  makeFolder(run);
  makeFolder(prepared);
  try {
    writeFileAtomically(join(prepared, `holder-${id}.json`), JSON.stringify(identity));
    writeFileAtomically(join(prepared, token(1, id).name), "");
    renameSync(prepared, leaseFolder(run));
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    if (["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw explainWriteError(error, run);
  }
}

/** Renames a token if it is still called so. */
function exchange(run: string, from: Token, to: Token): boolean {
  const folder = leaseFolder(run);
  try {
    renameSync(join(folder, from.name), join(folder, to.name));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw explainWriteError(error, join(folder, to.name));
    // NFS repeats a request whose answer was lost; the first one may have done it.
    return existsSync(join(folder, to.name));
  }
}

function removeOthers(run: string, id: string): void {
  for (const name of readdirSync(leaseFolder(run))) {
    if (name.startsWith("holder-") && name !== `holder-${id}.json`)
      rmSync(join(leaseFolder(run), name), { force: true });
  }
}
