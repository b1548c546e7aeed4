import { readFileSync } from "node:fs";

const CAUSES: Record<string, string> = {
  ENOENT: "there is no such file: check the path",
  ENOTDIR: "a part of the path is a file and no folder: check the path",
  EISDIR: "it is a folder and no file: check the path",
  EACCES: "reading is not permitted: change its permissions",
  EPERM: "reading is not permitted: change its permissions",
  ELOOP: "its links lead in a circle: check the path",
  ENAMETOOLONG: "the name is too long: check the path",
  EIO: "the disk failed: look at the system's log",
  EMFILE: "too many files are open: raise the limit (ulimit -n)",
  ERR_STRING_TOO_LONG: "it is larger than a text can be: check the path",
  ERR_FS_FILE_TOO_LARGE: "it is larger than a text can be: check the path",
};

/** Why something cannot be read, in words with the system's code; null for an error that is none of reading. */
export function whyUnreadable(error: unknown): string | null {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  const cause = typeof code === "string" ? CAUSES[code] : undefined;
  return cause === undefined ? null : `${cause} (${code})`;
}

/** A failed read in words; the system's `code` and the error itself (`cause`) are kept. */
export function explainReadError(error: unknown, path: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const text = `Expected to read ${path} but ${whyUnreadable(error) ?? message}`;
  return Object.assign(new Error(text, { cause: error }), { code });
}

/**
 * A text file's content, without the byte-order mark that some editors put before it.
 *
 * @throws {Error} if it cannot be read; the message names the file and the remedy
 */
export function readText(path: string): string {
  try {
    return withoutByteOrderMark(readFileSync(path, "utf8"));
  } catch (error) {
    throw explainReadError(error, path);
  }
}

/**
 * A file's bytes.
 *
 * @throws {Error} if it cannot be read; the message names the file and the remedy
 */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw explainReadError(error, path);
  }
}

/**
 * What a JSON file holds.
 *
 * @throws {Error} if it cannot be read or is not JSON; the message names the file
 */
export function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const found = text.trim() === "" ? "nothing in it" : `no JSON: ${(error as Error).message}`;
    throw new Error(`Expected ${path} to hold JSON but found ${found}`, { cause: error });
  }
}

/** A text without a byte-order mark before it. */
export function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
