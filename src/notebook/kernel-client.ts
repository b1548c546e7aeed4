import { spawn, type ChildProcess } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { kernelCommand } from "./kernel-command";

/** The part of zeromq that is used; it comes with tslab, so that client and kernel speak the same library. */
interface Socket extends AsyncIterable<Buffer[]> {
  connect(address: string): void;
  send(parts: readonly (string | Buffer)[]): Promise<void>;
  close(): void;
}
interface ZeroMq {
  Dealer: new (options?: object) => Socket;
  Subscriber: new (options?: object) => Socket & { subscribe(): void };
}

/** A message of the Jupyter protocol. */
export interface KernelMessage {
  type: string;
  parent: string | undefined;
  content: Record<string, unknown>;
}

export interface KernelOptions {
  /** The kernel's working folder, from which imports are resolved. */
  folder: string;
  /** Default: this project's kernel. */
  command?: readonly string[];
  /** Added to the environment. */
  environment?: Record<string, string>;
  /** How long the kernel may take to start, in seconds. Default 120: cold discs are slow. */
  startTimeout?: number;
}

/** How long a kernel may take from its reply to being idle: static pictures are made then. In milliseconds. */
const idleTimeout = 10_000;
const delimiter = "<IDS|MSG>";

/**
 * A running Jupyter kernel and a client of it, in Node alone: no Python, and Unix sockets rather than ports, so that
 * two at once cannot collide.
 */
export class KernelClient {
  readonly #folder: string;
  readonly #session = randomUUID();
  readonly #key = randomUUID();
  readonly #shell: Socket;
  readonly #publications: Socket & { subscribe(): void };
  readonly #process: ChildProcess;
  readonly #waiting = new Map<string, (message: KernelMessage) => void>();
  #log = "";
  #ended: Error | null = null;
  #endWaiters: ((error: Error) => void)[] = [];

  private constructor(options: KernelOptions) {
    const zeromq = createRequire(require.resolve("tslab/dist/main.js"))("zeromq") as ZeroMq;
    // Kept short: the path of a Unix socket has room for about a hundred characters.
    this.#folder = mkdtempSync(join(tmpdir(), "gak-"));
    const ip = join(this.#folder, "s");
    const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
    const file = join(this.#folder, "connection.json");
    const connection = { transport: "ipc", ip, key: this.#key, signature_scheme: "hmac-sha256", ...ports };
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    const [program = "", ...values] = (options.command ?? kernelCommand()).map((word) =>
      word.replace("{connection_file}", file),
    );
    this.#process = spawn(program, values, {
      cwd: options.folder,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-8000)));
    const end = (why: string) => {
      this.#ended ??= new Error(`The kernel ${why}${this.#log.trim() === "" ? "" : `:\n${this.#log.trim()}`}`);
      for (const fail of this.#endWaiters.splice(0)) fail(this.#ended);
    };
    this.#process.once("error", (error) => end(`cannot be started: ${error.message}`));
    this.#process.once("exit", (code, signal) => end(`ended with ${signal ?? `status ${code}`}`));
    this.#shell = new zeromq.Dealer({ linger: 0 });
    this.#publications = new zeromq.Subscriber({ linger: 0 });
    this.#shell.connect(`ipc://${ip}:${ports.shell_port}`);
    this.#publications.connect(`ipc://${ip}:${ports.iopub_port}`);
    this.#publications.subscribe();
    void this.#listen(this.#shell);
    void this.#listen(this.#publications);
  }

  /**
   * Starts a kernel and waits until it answers.
   *
   * @throws Error with what the kernel printed where it does not start.
   */
  static async start(options: KernelOptions): Promise<KernelClient> {
    const client = new KernelClient(options);
    const until = Date.now() + 1000 * (options.startTimeout ?? 120);
    try {
      await client.#bound();
      // The answer comes on one socket, the status on the other, whose subscription may be late: both are awaited.
      for (;;) {
        let idle = false;
        const answered = await client.#request("kernel_info_request", {}, 2000, (message) => {
          if (message.type === "status" && message.content.execution_state === "idle") idle = true;
        });
        if (answered && !idle) await delay(50);
        if (answered && idle) return client;
        if (Date.now() > until) throw new Error(`The kernel does not answer:\n${client.#log.trim()}`);
      }
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /**
   * Waits until the kernel has bound all its sockets, whose files then exist: tslab answers a request that comes before
   * with "Socket is blocked by a bind" and never recovers, as seen on a busy machine.
   */
  async #bound(): Promise<void> {
    const until = Date.now() + 30_000;
    const files = [1, 2, 3, 4, 5].map((port) => join(this.#folder, `s:${port}`));
    while (!this.#ended && Date.now() < until && !files.every((file) => existsSync(file))) await delay(20);
    await delay(100);
  }

  /**
   * Runs code and returns the reply's content, once the kernel is idle again.
   *
   * @param onMessage Told each message that belongs to the execution.
   * @param timeout In milliseconds; null waits for as long as it takes.
   * @throws Error where the kernel ends or the time is over.
   */
  async execute(
    code: string,
    onMessage: (message: KernelMessage) => void,
    timeout: number | null = null,
    metadata: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> {
    let idle: () => void = () => undefined;
    const whenIdle = new Promise<void>((resolve) => (idle = resolve));
    const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: true };
    const reply = await this.#request(
      "execute_request",
      content,
      timeout,
      (message) => {
        if (message.type === "status" && message.content.execution_state === "idle") idle();
        onMessage(message);
      },
      // What was printed last may arrive after the reply, and a kernel that lost its "idle" must not hang us.
      () => Promise.race([whenIdle, delay(idleTimeout)]),
      metadata,
    );
    if (!reply) throw new Error(`Expected the cell to end within ${(timeout ?? 0) / 1000} seconds but it still runs`);
    return reply.content;
  }

  /** Ends the kernel and removes what it left. */
  async close(): Promise<void> {
    if (!this.#ended) {
      const gone = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGTERM");
      const timer = setTimeout(() => this.#process.kill("SIGKILL"), 3000);
      await gone;
      clearTimeout(timer);
    }
    this.#shell.close();
    this.#publications.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #request(
    type: string,
    content: object,
    timeout: number | null,
    onMessage: (message: KernelMessage) => void,
    afterReply: () => Promise<unknown> = () => delay(50),
    metadata: Record<string, unknown> = {},
  ): Promise<KernelMessage | null> {
    const id = randomUUID();
    const header = {
      msg_id: id,
      session: this.#session,
      username: "gradamp",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.3",
    };
    const bodies = [header, {}, metadata, content].map((part) => JSON.stringify(part));
    const hash = createHmac("sha256", this.#key);
    for (const body of bodies) hash.update(body);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<KernelMessage | null>((resolve, reject) => {
        if (this.#ended) return reject(this.#ended);
        this.#endWaiters.push(reject);
        if (timeout !== null) timer = setTimeout(() => resolve(null), timeout);
        this.#waiting.set(id, (message) => {
          if (message.type === type.replace("_request", "_reply")) void afterReply().then(() => resolve(message));
          else onMessage(message);
        });
        this.#shell.send([delimiter, hash.digest("hex"), ...bodies]).catch(reject);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
      this.#endWaiters = [];
    }
  }

  async #listen(socket: Socket): Promise<void> {
    for await (const parts of socket) {
      const texts = parts.map((part) => part.toString());
      const at = texts.indexOf(delimiter);
      if (at < 0) continue;
      const [header = "{}", parent = "{}", , content = "{}"] = texts.slice(at + 2);
      const { msg_id: request } = JSON.parse(parent) as { msg_id?: string };
      const { msg_type: type } = JSON.parse(header) as { msg_type: string };
      if (request === undefined) continue;
      this.#waiting.get(request)?.({ type, parent: request, content: JSON.parse(content) as Record<string, unknown> });
    }
  }
}
