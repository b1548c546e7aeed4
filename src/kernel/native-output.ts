interface Receiver {
  output(name: "stdout" | "stderr", text: string): void;
  log(line: string): void;
}

/** How TensorFlow, XLA and their libraries begin a line of their log. */
const patterns = [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWEF] /, /^[IWEF]\d{4} \d\d:\d\d:\d+\.\d+ +\d+ /];
const openings = ["WARNING: All log messages before absl::InitializeLog", "To enable the following instructions:"];
/** What might become a line of the patterns. */
const beginnings = /^(\d{1,4}$|\d{4}-|[IWEF]\d{0,4}$|[IWEF]\d{4} )/;

const isLog = (line: string) =>
  patterns.some((pattern) => pattern.test(line)) || openings.some((opening) => line.startsWith(opening));
const mayBeLog = (start: string) =>
  start !== "" &&
  (beginnings.test(start) || openings.some((opening) => opening.startsWith(start) || start.startsWith(opening)));

const kept = 60;

/**
 * Sorts what a process writes past JavaScript: libtensorflow's log goes to the kernel's, all else (child processes that
 * share the terminal, native libraries) into the cell.
 */
export class NativeOutput {
  readonly #receiver: Receiver;
  readonly #rest = { stdout: "", stderr: "" };
  readonly #lines: string[] = [];

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  take(name: "stdout" | "stderr", text: string): void {
    const lines = (this.#rest[name] + text).split("\n");
    const rest = lines.pop() ?? "";
    let shown = "";
    for (const line of lines) {
      if (line.trim() !== "") this.#lines.push(line);
      if (isLog(line)) this.#receiver.log(line);
      else shown += `${line}\n`;
    }
    this.#lines.splice(0, this.#lines.length - kept);
    // A progress bar has no end of line; what may be the beginning of a log line waits for it.
    const wait = mayBeLog(rest);
    this.#rest[name] = wait ? rest : "";
    if (!wait) shown += rest;
    if (shown !== "") this.#receiver.output(name, shown);
  }

  /** Hands out what still waits for the end of its line. */
  flush(): void {
    for (const name of ["stdout", "stderr"] as const) {
      const rest = this.#rest[name];
      this.#rest[name] = "";
      if (rest === "") continue;
      this.#lines.push(rest);
      if (isLog(rest)) this.#receiver.log(rest);
      else this.#receiver.output(name, rest);
    }
  }

  /** The last lines, shown or not: what a process says before it dies. */
  lastLines(): string[] {
    return this.#lines.slice(-kept);
  }
}
