import { StringDecoder } from "node:string_decoder";

type StreamName = "stdout" | "stderr";
type Sink = (name: StreamName, text: string) => void;

/** In this time, in milliseconds, so many pieces are passed on at once; what comes faster is collected. */
const period = 40;
const pieces = 20;
/** As many characters are passed on in any case. */
const enough = 16_384;

/**
 * Passes on what cells print, in order: a line now and then at once, for the code may compute for long before its turn
 * ends, and many lines in few pieces.
 */
export class Output {
  readonly #sink: Sink;
  #name: StreamName = "stdout";
  #text = "";
  #scheduled = false;
  #periodBegan = 0;
  #passed = 0;

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
    const now = performance.now();
    if (now - this.#periodBegan > period) {
      this.#periodBegan = now;
      this.#passed = 0;
    }
    if (this.#passed++ < pieces || this.#text.length >= enough) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.flush());
    }
  }

  /** Passes on what there is: before anything else is told that must come after it. */
  flush(): void {
    this.#scheduled = false;
    const text = this.#text;
    this.#text = "";
    if (text !== "") this.#sink(this.#name, text);
  }
}
