import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { FromCells } from "./messages";
import { receiveAnswer, sharedState, type SharedState } from "./shared-state";

/** What the user is asked. */
export interface Question {
  prompt: string;
  /** Whether what is typed must not be seen. */
  password: boolean;
}

export interface UserInputParts {
  send: (message: FromCells) => void;
  shared: SharedState;
  /** Where the answer to `prompt` comes while the thread waits. */
  answer: Uint8Array<SharedArrayBuffer>;
  /** The execution to which a question belongs; null while no cell runs. */
  running: () => number | null;
  /** Ends the running cell. */
  fail: (reason: Error) => void;
  /** Called while the thread waits; throws once the cell is interrupted. */
  check: () => void;
}

/**
 * How long a stream that was answered waits for its reader to close before it asks for another line, in milliseconds.
 */
const pauseBetweenLines = 30;

/**
 * Questions to the user of the notebook: by `ask`, by reading `process.stdin` as Node's readline does, or by `prompt`,
 * which waits with the thread.
 */
export class UserInput {
  readonly #parts: UserInputParts;
  readonly #waiting = new Map<number, { resolve: (line: string) => void; reject: (reason: Error) => void }>();
  #lastRequest = 0;

  constructor(parts: UserInputParts) {
    this.#parts = parts;
  }

  /** Makes `process.stdin` and `prompt` ask. */
  install(): void {
    let stream: Readable | null = null;
    const make = () => Object.assign(this.#stream(), { fd: 0, isTTY: false });
    Object.defineProperty(process, "stdin", { configurable: true, get: () => (stream ??= make()) });
    Object.defineProperty(globalThis, "prompt", { configurable: true, writable: true, value: this.#prompt });
  }

  /**
   * Asks the user.
   *
   * @throws {Error} if the notebook's client cannot ask, or no cell runs; it is named InputRefused
   */
  ask(question: Question): Promise<string> {
    const id = this.#parts.running();
    if (id === null) return Promise.reject(refusal("Input can only be asked for while a cell runs"));
    const request = ++this.#lastRequest;
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { resolve, reject });
      this.#parts.send({ kind: "ask", id, request, ...question, waits: false });
    });
  }

  /** What the kernel has been answered; null where it cannot ask. */
  answered(request: number, value: string | null): void {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    if (value === null) waiting?.reject(refusal());
    else waiting?.resolve(value);
  }

  #stream(): Readable {
    let asked = 0;
    const { running, fail } = this.#parts;
    const read = async (stream: Readable) => {
      // A reader that has its line may be about to close; and between cells nobody is there to ask.
      if (asked++ > 0) await delay(pauseBetweenLines);
      while (running() === null || stream.readableFlowing === false)
        await delay(pauseBetweenLines, undefined, { ref: false });
      try {
        stream.push(`${await this.ask({ prompt: "", password: false })}\n`);
      } catch (error) {
        stream.destroy();
        fail(error as Error);
      }
    };
    return new Readable({
      read() {
        void read(this);
      },
    });
  }

  /** As in a browser: null where nothing was typed and there is no default. */
  readonly #prompt = (message: unknown = "", otherwise?: unknown): string | null => {
    const { send, shared, answer, running, check } = this.#parts;
    const id = running();
    if (id === null) throw refusal("Input can only be asked for while a cell runs");
    const request = ++this.#lastRequest;
    Atomics.store(shared, sharedState.answered, 0);
    send({ kind: "ask", id, request, prompt: String(message), password: false, waits: true });
    // A short while each time: an interrupt must be heard.
    while (Atomics.wait(shared, sharedState.answered, 0, 50) === "timed-out") check();
    const value = receiveAnswer(shared, answer);
    if (value === null) throw refusal();
    return value === "" ? (otherwise === undefined ? null : String(otherwise)) : value;
  };
}

function refusal(why = "The client of this notebook cannot ask for input"): Error {
  const reason = new Error(`${why}; write the answer into a variable of the cell and run it again`);
  reason.name = "InputRefused";
  return reason;
}
