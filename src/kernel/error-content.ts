import { excerptAt } from "./excerpt-at";
import type { CellError } from "./cells/messages";
import type { Fault } from "./compiler/describe-diagnostics";
import type { Ending } from "./cell-process";

/** What an `error` message and an error reply say. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  /** Lines, coloured by ANSI escapes. */
  traceback: string[];
  [field: string]: unknown;
}

const red = (text: string) => `\u001b[1;31m${text}\u001b[0m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[0m`;

/** What TypeScript has against a cell. */
export function compileError(faults: readonly Fault[]): ErrorContent {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  return {
    ename: "TypeScriptError",
    evalue: `${first?.message.split("\n")[0] ?? ""}${more}`,
    traceback: faults.flatMap(({ place, message, excerpt }, at) => {
      const [head = "", ...rest] = message.split("\n");
      return [...(at > 0 ? [""] : []), `${dim(place)} ${red(head)}`, ...rest, ...excerpt];
    }),
  };
}

/**
 * An exception in a cell.
 *
 * @param sourceOf the code of a cell by its name
 */
export function runtimeError(error: CellError, sourceOf: (name: string) => string | undefined): ErrorContent {
  const { name, message, stack, position } = error;
  const source = position && sourceOf(position.name);
  return {
    ename: name,
    evalue: message,
    traceback: [
      ...`${name}: ${message}`.split("\n").map(red),
      ...stack.map((line) => (/Cell \[\d+\]/.test(line) ? line : dim(line))),
      ...(position && source !== undefined && source !== null ? ["", ...excerptAt(source, position)] : []),
    ],
  };
}

/**
 * The end of the process in which the cell ran.
 *
 * @param saved what lies on the disk of the work that was under way
 */
export function processError({ code, signal, log, stopped }: Ending, saved: readonly string[]): ErrorContent {
  const how = signal === null ? `with status ${code}` : signal === "SIGKILL" ? "with SIGKILL" : `with ${signal}`;
  const why = stopped
    ? "The process was ended because its code did not heed interrupts"
    : `The process in which the cells run ended ${how}${signal === "SIGKILL" ? ": perhaps for want of memory" : ""}`;
  const remedy = "Its variables are gone: run the cells that made them again. The kernel has begun a new process.";
  const last = log.slice(-24);
  return {
    ename: "ProcessEnded",
    evalue: `${why}. ${remedy}`,
    traceback: [
      red(why),
      remedy,
      ...(saved.length > 0 ? ["", "Saved before:", ...saved.map((line) => `  ${line}`)] : []),
      ...(last.length > 0 ? ["", dim("It wrote last:"), ...last.map((line) => dim(`  ${line}`))] : []),
    ],
  };
}
