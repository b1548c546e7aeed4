const CAUSES: Record<string, string> = {
  ENOSPC: "no space is left on the disk: make room",
  EDQUOT: "your quota is used up: make room",
  EFBIG: "the file would be larger than is allowed: raise the limit (ulimit -f) or choose another disk",
  EROFS: "the file system is mounted read-only: choose another folder",
  EACCES: "writing is not permitted there: change the folder's permissions or choose another",
  EPERM: "writing is not permitted there: change the folder's permissions or choose another",
  ENOTDIR: "a file stands where a folder is needed: choose another folder",
  EEXIST: "a file stands where a folder is needed: choose another folder",
  EIO: "the disk failed: look at the system's log",
};

/**
 * A failed write in words: what could not be written, why, and the remedy.  The system's `code` and the error itself
 * (`cause`) are kept.
 */
export function explainWriteError(error: unknown, path: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const cause = code === undefined ? undefined : CAUSES[code];
  const text = cause ? `${cause} (${code})` : message;
  return Object.assign(new Error(`Expected to write ${path} but ${text}`, { cause: error }), { code });
}
