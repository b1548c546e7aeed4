import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { explainWriteError } from "../../files/explain-write-error";
import { makeFolder } from "../../files/make-folder";

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes that are there, those of an earlier attempt included. */
  readonly done: number;
  /** Bytes in all; null where the server does not say. */
  readonly total: number | null;
}

/** What {@link downloadFile} is told. */
export interface DownloadOptions {
  /** The file's MD5 in hexadecimal. */
  readonly md5: string;
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** How often in a row an attempt may bring no new byte before the download fails. Default: 5. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt, doubled before each further one. Default: 1,000. */
  readonly backoff?: number;
  /** Milliseconds without a byte after which a connection counts as broken. Default: 30,000. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
  /** Told why an attempt failed and what is done about it. */
  readonly onNote?: (text: string) => void;
}

/**
 * Fetches a file over HTTP, resuming what an earlier attempt or process left unfinished.
 *
 * Bytes go to `<destination>.part`, with the server's ETag or date beside them so that a file that changed meanwhile is
 * begun anew (If-Range); servers that ignore ranges are read from the start. The file gets its name only once its MD5
 * is right. Where resumed bytes give a wrong MD5, it is fetched once more as a whole.
 *
 * Only what can pass by itself is tried again: a broken connection, a busy server; no refusal, no wrong address or
 * certificate, and nothing that is wrong on this machine's disk.
 *
 * @throws {Error} if the server refuses, the connection keeps breaking, or the MD5 is wrong
 */
export async function downloadFile(url: string, destination: string, options: DownloadOptions): Promise<void> {
  const { attempts = 5, backoff = 1000 } = options;
  const part = `${destination}.part`;
  makeFolder(dirname(destination));
  for (;;) {
    const inherited = await sizeOf(part);
    let resumed = inherited > 0;
    for (let failures = 0; ;) {
      const before = await sizeOf(part);
      try {
        await attempt(url, part, options);
        break;
      } catch (error) {
        options.signal?.throwIfAborted();
        const final = whyFinal(error, url, part);
        if (final) throw final;
        failures = (await sizeOf(part)) > before ? 1 : failures + 1;
        if (failures >= attempts)
          throw new Error(
            `Expected ${url} to be downloaded but ${attempts} attempts in a row brought nothing ` +
              `(${reason(error)}): try again later, what has arrived is kept; or give another address by --url`,
          );
        resumed = true;
        const pause = backoff * 2 ** (failures - 1);
        options.onNote?.(`${url}: ${reason(error)}; trying again in ${pause / 1000} s, ${failures} of ${attempts - 1}`);
        await sleep(pause, undefined, options.signal ? { signal: options.signal } : {});
      }
    }
    const found = await md5Of(part);
    if (found === options.md5) break;
    await discard(part);
    if (!resumed)
      throw new Error(
        `Expected MD5 ${options.md5} of ${url} but found ${found}: the server, or a proxy before it, handed out another ` +
          "file; give another address by --url",
      );
  }
  await rename(part, destination);
  await rm(`${part}.json`, { force: true });
}

/** What no further attempt will change. */
class Refusal extends Error {}

/** The error to end with, where no further attempt can help; null where one may. */
function whyFinal(error: unknown, url: string, part: string): Error | null {
  if (error instanceof Refusal) return error;
  const { code, syscall, cause } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException };
  const ofDisk = ["open", "write", "close", "stat", "unlink", "rename", "fsync"];
  if (code !== undefined && ofDisk.includes(syscall ?? "")) return explainWriteError(error, part);
  const about = cause?.code ?? "";
  if (
    /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|ERR_INVALID_URL/.test(about) ||
    /unknown scheme|bad port/.test(cause?.message ?? "")
  )
    return new Refusal(`Expected ${url} to be downloaded but ${reason(error)}: give another address by --url`);
  return null;
}

/** What a server said about the version of the file that a part belongs to. */
interface Version {
  readonly url: string;
  readonly tag: string | null;
}

async function attempt(url: string, part: string, options: DownloadOptions): Promise<void> {
  const from = await sizeOf(part);
  const version = await readVersion(part);
  const headers: Record<string, string> = { "Accept-Encoding": "identity" };
  if (from > 0 && version?.url === url) {
    headers["Range"] = `bytes=${from}-`;
    if (version.tag) headers["If-Range"] = version.tag;
  }
  const stalled = new AbortController();
  const patience = options.patience ?? 30_000;
  const timer = setTimeout(() => stalled.abort(new Error(`no byte for ${patience / 1000} s`)), patience);
  const signal = options.signal ? AbortSignal.any([stalled.signal, options.signal]) : stalled.signal;
  try {
    const response = await fetch(url, { headers, signal });
    if (response.status === 416) {
      await discard(part);
      throw new Error("the server has no bytes beyond those of an earlier attempt");
    }
    if (!response.ok) {
      const message = `Expected ${url} to be downloaded but the server answered ${response.status} ${response.statusText}`;
      const passing = response.status >= 500 || response.status === 408 || response.status === 429;
      throw passing ? new Error(message) : new Refusal(`${message}: give another address by --url`);
    }
    const offset = response.status === 206 ? rangeStart(response) : 0;
    if (offset !== 0 && offset !== from) {
      await discard(part);
      throw new Error(`the server sent bytes from ${offset} where those from ${from} were asked for`);
    }
    const length = response.headers.get("content-length");
    const total = length === null ? null : offset + Number(length);
    // A weak ETag promises no equal bytes, so If-Range may not carry it (RFC 9110, 13.1.5).
    const tag = response.headers.get("etag");
    const strong = tag && !tag.startsWith("W/") ? tag : response.headers.get("last-modified");
    await writeFile(`${part}.json`, JSON.stringify({ url, tag: strong } satisfies Version));

    const file = await open(part, offset === 0 ? "w" : "a");
    let done = offset;
    try {
      options.onProgress?.({ done, total });
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        await file.write(chunk as Uint8Array);
        done += (chunk as Uint8Array).length;
        options.onProgress?.({ done, total });
      }
    } finally {
      await file.close();
    }
    if (total !== null && done !== total) throw new Error(`the connection ended after ${done} of ${total} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

function rangeStart(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? NaN);
}

async function readVersion(part: string): Promise<Version | null> {
  try {
    return JSON.parse(await readFile(`${part}.json`, "utf8")) as Version;
  } catch {
    return null;
  }
}

async function discard(part: string): Promise<void> {
  await Promise.all([rm(part, { force: true }), rm(`${part}.json`, { force: true })]);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
