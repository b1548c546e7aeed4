import { StringDecoder } from "node:string_decoder";

type StreamName = "stdout" | "stderr";
type Sink = (name: StreamName, text: string) => void;

/** Text is sent on when this much has come together, or this long after the last time, in milliseconds. */
const enough = 16_384;
const longEnough = 40;

/**
 * Collects what cells print and passes it on in few pieces, in order: at the end of the turn, or, where the code does not
 * let a turn end, every 40 ms.
 */
export class Output {
  readonly #sink: Sink;
  #name: StreamName = "stdout";
  #text = "";
  #scheduled = false;
  #flushed = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Makes standard output and standard error come here: `console` and everybody else writes to them. */
  capture(): void {
    for (const name of ["stdout", "stderr"] as const) {
      const decoder = new StringDecoder("utf8");
      const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
        this.write(name, typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk)));
        const callback = typeof encoding === "function" ? encoding : done;
        if (typeof callback === "function") process.nextTick(callback as () => void);
        return true;
      };
      process[name].write = write as typeof process.stdout.write;
    }
  }

  write(name: StreamName, text: string): void {
    if (name !== this.#name) this.flush();
    this.#name = name;
    this.#text += text;
    if (this.#text.length >= enough || performance.now() - this.#flushed > longEnough) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.flush());
    }
  }

  /** Passes on what there is: before anything else is told that must come after it. */
  flush(): void {
    this.#scheduled = false;
    this.#flushed = performance.now();
    const text = this.#text;
    this.#text = "";
    if (text !== "") this.#sink(this.#name, text);
  }
}
