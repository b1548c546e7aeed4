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
  ENOENT: "there is no such folder, and none can be made there: choose another folder",
  EISDIR: "a folder stands there: choose another name",
  ENAMETOOLONG: "the name is too long: choose a shorter one",
  ELOOP: "its links lead in a circle: choose another folder",
  EMFILE: "too many files are open: raise the limit (ulimit -n)",
  ENFILE: "too many files are open on this machine: close programs",
  ESTALE: "the file server has lost the folder: try again",
  EBUSY: "another program is using it: end that one or choose another name",
};

/**
 * A failed write in words: what could not be written, why, and the remedy. The system's `code` and the error itself
 * (`cause`) are kept.
 */
export function explainWriteError(error: unknown, path: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const cause = code === undefined ? undefined : CAUSES[code];
  const text = cause ? `${cause} (${code})` : message;
  return Object.assign(new Error(`Expected to write ${path} but ${text}`, { cause: error }), { code });
}
