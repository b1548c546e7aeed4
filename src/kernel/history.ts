import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import type { Content } from "./protocol/message";
import { makeFolder } from "../files/make-folder";

/** A cell that was run: in which session, under which number, what it said and what its last value showed as text. */
interface Entry {
  session: number;
  line: number;
  input: string;
  output: string | null;
}

/** What a client is told of a cell. */
type Told = [session: number, line: number, input: string | [input: string, output: string | null]];

/** How much of the file is read, from its end, in bytes: some ten thousand cells. */
const enough = 4 * 2 ** 20;

/**
 * What the user has run, in this session and those before: what a console offers by the arrow keys and by search.
 *
 * A file of lines of JSON to which every kernel of the user only appends, so that several may at once.
 */
export class History {
  readonly #file: string | null;
  readonly #before: Entry[];
  readonly #own: Entry[] = [];
  readonly #session: number;
  #log: (line: string) => void;

  /**
   * @param file where it is kept; null where it ends with the kernel
   * @param log told where it cannot be kept, once
   */
  constructor(file: string | null, log: (line: string) => void) {
    this.#file = file;
    this.#log = log;
    this.#before = file === null ? [] : readEntries(file);
    this.#session = this.#before.reduce((last, { session }) => Math.max(last, session), 0) + 1;
  }

  /** Notes a cell that has ended. */
  add(line: number, input: string, output: string | null): void {
    const entry = { session: this.#session, line, input, output };
    this.#own.push(entry);
    if (this.#file === null) return;
    try {
      makeFolder(dirname(this.#file));
      appendFileSync(this.#file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    } catch (error) {
      this.#log(`History is not kept: ${(error as Error).message}`);
      this.#log = () => undefined;
    }
  }

  /** Answers a `history_request`: the last cells, those of a session, or those that match a pattern with * and ?. */
  ask(request: Content): Told[] {
    const { hist_access_type: kind, output = false } = request;
    const found =
      kind === "range" ? this.#range(request) : kind === "search" ? this.#search(request) : this.#tail(request);
    return found.map(({ session, line, input, output: shown }) => [
      session,
      line,
      output === true ? [input, shown] : input,
    ]);
  }

  #all(): Entry[] {
    return [...this.#before, ...this.#own];
  }

  #tail({ n }: Content): Entry[] {
    return last(this.#all(), n);
  }

  #range({ session = 0, start = 0, stop = null }: Content): Entry[] {
    // 0 is this session, and negative numbers count backwards from it.
    const wanted = Number(session) <= 0 ? this.#session + Number(session) : Number(session);
    const entries = wanted === this.#session ? this.#own : this.#before.filter((each) => each.session === wanted);
    const end = typeof stop === "number" ? stop : Infinity;
    return entries.filter(({ line }) => line >= Number(start ?? 0) && line < end);
  }

  #search({ pattern, n, unique = false }: Content): Entry[] {
    const matches = globOf(typeof pattern === "string" ? pattern : "*");
    const found = this.#all().filter(({ input }) => matches.test(input));
    if (unique !== true) return last(found, n);
    // Of the same text the last one stays.
    const latest = new Map<string, Entry>();
    for (const entry of found) {
      latest.delete(entry.input);
      latest.set(entry.input, entry);
    }
    return last([...latest.values()], n);
  }
}

function last(entries: readonly Entry[], count: unknown): Entry[] {
  return typeof count === "number" && count >= 0 ? entries.slice(Math.max(0, entries.length - count)) : [...entries];
}

function globOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+(){}[\]]/g, "\\$&")
    .replace(/\*/g, "[^]*")
    .replace(/\?/g, "[^]");
  return new RegExp(`^${source}$`);
}

function readEntries(file: string): Entry[] {
  let text: string;
  try {
    const descriptor = openSync(file, "r");
    try {
      const { size } = fstatSync(descriptor);
      const bytes = Buffer.alloc(Math.min(size, enough));
      readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
      text = bytes.toString("utf8");
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The first time.
    return [];
  }
  return text.split("\n").flatMap((line): Entry[] => {
    try {
      const entry = JSON.parse(line) as Partial<Entry> | null;
      const { session, line: number, input, output = null } = entry ?? {};
      return typeof session === "number" && typeof number === "number" && typeof input === "string"
        ? [{ session, line: number, input, output }]
        : [];
    } catch {
      // The first line may be cut, and another kernel may be writing the last.
      return [];
    }
  });
}
