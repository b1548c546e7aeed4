import { explainWriteError } from "../files/explain-write-error";
import { explainReadError } from "../files/read-text";
import { visibleText } from "../progress/visible-text";

/** What went wrong in a command, for people and for programs. */
export interface Failure {
  readonly message: string;
  readonly remedy: string | null;
}

let last: Failure | null = null;

/** Says on standard error why a command fails, in one sentence and its remedy; `--json` has it on standard output, too. */
export function fail(message: string, remedy: string | null = null): void {
  last = { message, remedy };
  process.stderr.write(visibleText(`gradamp: ${message}\n${remedy ? `Remedy: ${remedy}\n` : ""}`));
}

/** Notes why a command fails that has been said already. */
export function noteFailure(message: string, remedy: string | null = null): void {
  last = { message, remedy };
}

/** What was said last; null where nothing was. */
export const lastFailure = (): Failure | null => last;

/** Calls of the system that change something. */
const WRITES = /^(write|mkdir|rename|unlink|rmdir|rm|copyfile|cp|symlink|link|ftruncate|fsync|chmod|utime|mkdtemp)/;

/** An error in a sentence: the system's own are put into words, and slips of the program are called that. */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof Error))
    return { message: `Something that is no error was thrown: ${String(error)}`, remedy: null };
  const { syscall, code, path, remedy = null } = error as NodeJS.ErrnoException & { remedy?: string | null };
  if (syscall !== undefined && code !== undefined && !error.message.startsWith("Expected")) {
    const writes = WRITES.test(syscall);
    const where = path ?? (syscall === "write" ? "the command's output" : "a file");
    return { message: (writes ? explainWriteError(error, where) : explainReadError(error, where)).message, remedy };
  }
  if (/^Cannot (read|set) properties of|is not a function$|is not iterable|is not a constructor/.test(error.message))
    return {
      message: `Something went wrong within gradamp: ${error.message}`,
      remedy: "Run it with GRADAMP_DEBUG=1, which shows where, and report that",
    };
  return { message: error.message, remedy };
}
