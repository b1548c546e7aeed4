import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { kernelCommand } from "../kernel/kernel-command";
import { addressOf, type Connection } from "../kernel/protocol/connection";
import { decodeMessage, encodeMessage, newHeader, type Content } from "../kernel/protocol/message";
import { zeromq, type ZeroSocket } from "../kernel/protocol/zeromq";

/** A message of the Jupyter protocol, as a client sees it. */
export interface KernelMessage {
  type: string;
  parent: string | undefined;
  content: Content;
  /** Bytes beside the content, as comms send them. */
  buffers: readonly Buffer[];
}

export interface KernelOptions {
  /** The kernel's working folder, from which imports are resolved. */
  folder: string;
  /** Default: this project's kernel. */
  command?: readonly string[];
  /** How it is spoken with: through Unix sockets, which cannot collide, or TCP where a kernel knows no more. Default: ipc. */
  transport?: "ipc" | "tcp";
  /** Added to the environment. */
  environment?: Record<string, string>;
  /** How long the kernel may take to start, in seconds. Default: 120, since cold discs are slow. */
  startTimeout?: number;
}

export interface RequestOptions {
  /** Told each message that belongs to the request, but for the reply. */
  onMessage?: (message: KernelMessage) => void;
  /** Answers the questions of a cell, or leaves one open with null. Default: it may ask none. */
  onInput?: ((question: { prompt: string; password: boolean }) => string | null) | null;
  /** In milliseconds; null waits for as long as it takes. Default: null. */
  timeout?: number | null;
  metadata?: Content;
  /** Default: "shell". */
  channel?: "shell" | "control";
}

/** How long a kernel may take from its reply to being idle. In milliseconds. */
const idleTimeout = 10_000;
const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
type Ports = typeof ports;

/** Ports on which nobody listens. */
async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    Object.keys(ports).map(
      (name) =>
        new Promise<[string, Server]>((resolve) => {
          const server = createServer().listen(0, "127.0.0.1", () => resolve([name, server]));
        }),
    ),
  );
  const found = servers.map(([name, server]) => [name, (server.address() as AddressInfo).port]);
  for (const [, server] of servers) server.close();
  return Object.fromEntries(found) as Ports;
}

/**
 * A running Jupyter kernel and a client of it, in Node alone: no Python, and Unix sockets rather than ports, so that
 * two at once cannot collide.
 */
export class KernelClient {
  readonly #folder: string;
  readonly #session = randomUUID();
  readonly #key = randomUUID();
  readonly #zeromq = zeromq();
  readonly #sockets: {
    shell: ZeroSocket;
    control: ZeroSocket;
    stdin: ZeroSocket;
    iopub: ZeroSocket & { subscribe(): void };
  };
  readonly #process: ChildProcess;
  readonly #connection: Connection;
  readonly #waiting = new Map<string, (message: KernelMessage) => void>();
  readonly #listeners = new Set<(message: KernelMessage) => void>();
  readonly #endWaiters = new Set<(error: Error) => void>();
  #log = "";
  #separator = "-";
  #ended: Error | null = null;

  private constructor(options: KernelOptions, found: Ports) {
    const { transport = "ipc" } = options;
    const { Dealer, Subscriber } = this.#zeromq;
    // Kept short: the path of a Unix socket has room for about a hundred characters.
    this.#folder = mkdtempSync(join(tmpdir(), "gak-"));
    const file = join(this.#folder, "connection.json");
    this.#connection = {
      transport,
      ip: transport === "ipc" ? join(this.#folder, "s") : "127.0.0.1",
      key: this.#key,
      signature_scheme: "hmac-sha256",
      ...found,
    };
    writeFileSync(file, JSON.stringify(this.#connection), { mode: 0o600 });
    const [program = "", ...values] = (options.command ?? kernelCommand()).map((word) =>
      word.replace("{connection_file}", file),
    );
    this.#process = spawn(program, values, {
      cwd: options.folder,
      env: { ...process.env, JPY_PARENT_PID: String(process.pid), ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-8000)));
    const end = (why: string) => {
      this.#ended ??= new Error(`The kernel ${why}${this.#log.trim() === "" ? "" : `:\n${this.#log.trim()}`}`);
      for (const fail of this.#endWaiters) fail(this.#ended);
    };
    this.#process.once("error", (error) => end(`cannot be started: ${error.message}`));
    this.#process.once("exit", (code, signal) => end(`ended with ${signal ?? `status ${code}`}`));
    this.#sockets = {
      // What the kernel asks goes by the name of whoever sent the cell.
      shell: new Dealer({ linger: 0, routingId: this.#session }),
      stdin: new Dealer({ linger: 0, routingId: this.#session }),
      control: new Dealer({ linger: 0 }),
      iopub: new Subscriber({ linger: 0 }),
    };
  }

  /**
   * Starts a kernel and waits until it answers.
   *
   * @throws {Error} if the kernel does not start; the message holds what it printed
   */
  static async start(options: KernelOptions): Promise<KernelClient> {
    const client = new KernelClient(options, options.transport === "tcp" ? await freePorts() : ports);
    const until = Date.now() + 1000 * (options.startTimeout ?? 120);
    try {
      await client.#connect();
      // The answer comes on one socket, the status on the other, whose subscription may be late: both are awaited.
      for (;;) {
        let idle = false;
        const answered = await client.request(
          "kernel_info_request",
          {},
          {
            timeout: 2000,
            onMessage: (message) => {
              if (message.type === "status" && message.content.execution_state === "idle") idle = true;
            },
          },
        );
        if (answered && !idle) await delay(50);
        if (answered && idle) return client;
        if (Date.now() > until) throw new Error(`The kernel does not answer:\n${client.#log.trim()}`);
      }
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** What the kernel has printed itself; the last 8,000 characters. */
  get log(): string {
    return this.#log;
  }

  /** The kernel's process. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Why the kernel has ended; null while it runs. */
  get ended(): Error | null {
    return this.#ended;
  }

  /**
   * Connects once the kernel has bound all its sockets, whose files then exist: tslab answers a request that comes
   * before with "Socket is blocked by a bind" and never recovers, as seen on a busy machine.
   */
  async #connect(): Promise<void> {
    const until = Date.now() + 30_000;
    const file = (separator: string, port: number) => join(this.#folder, `s${separator}${port}`);
    // Jupyter parts the name of a Unix socket by a hyphen, tslab by a colon.
    const { transport } = this.#connection;
    const bound = () =>
      ["-", ":"].find((separator) => Object.values(ports).every((p) => existsSync(file(separator, p))));
    if (transport === "ipc") {
      while (!this.#ended && Date.now() < until && !bound()) await delay(10);
      this.#separator = bound() ?? "-";
    }
    for (const name of ["shell", "control", "stdin", "iopub"] as const) {
      const socket = this.#sockets[name];
      socket.connect(
        transport === "tcp"
          ? addressOf(this.#connection, name)
          : `ipc://${file(this.#separator, ports[`${name}_port`])}`,
      );
      if (name === "iopub") this.#sockets.iopub.subscribe();
      void this.#listen(socket);
    }
  }

  /**
   * Runs code and returns the reply's content, once the kernel is idle again.
   *
   * @throws {Error} if the kernel ends or the time is over
   */
  async execute(
    code: string,
    options: RequestOptions & { stopOnError?: boolean; userExpressions?: Record<string, string> } = {},
  ): Promise<Content> {
    const { userExpressions = {}, onMessage, timeout = null, stopOnError = true, ...rest } = options;
    let idle: () => void = () => undefined;
    const whenIdle = new Promise<void>((resolve) => (idle = resolve));
    const content = {
      code,
      silent: false,
      store_history: true,
      allow_stdin: (options.onInput ?? null) !== null,
      stop_on_error: stopOnError,
      user_expressions: userExpressions,
    };
    const reply = await this.request("execute_request", content, {
      ...rest,
      timeout,
      onMessage: (message) => {
        if (message.type === "status" && message.content.execution_state === "idle") idle();
        onMessage?.(message);
      },
      // What was printed last may arrive after the reply, and a kernel that lost its "idle" must not hang us.
      afterReply: () => Promise.race([whenIdle, delay(idleTimeout)]),
    });
    if (!reply) throw new Error(`Expected the cell to end within ${(timeout ?? 0) / 1000} seconds but it still runs`);
    return reply;
  }

  /** Sends a request and returns the content of its reply; null where the time is over. */
  async request(
    type: string,
    content: Content,
    options: RequestOptions & { afterReply?: () => Promise<unknown> } = {},
  ): Promise<Content | null> {
    const {
      onMessage,
      onInput = null,
      timeout = null,
      metadata = {},
      channel = "shell",
      afterReply = () => delay(50),
    } = options;
    const header = newHeader(type, this.#session);
    let timer: NodeJS.Timeout | undefined;
    let fail: (error: Error) => void = () => undefined;
    try {
      return await new Promise<Content | null>((resolve, reject) => {
        if (this.#ended) return reject(this.#ended);
        fail = reject;
        this.#endWaiters.add(fail);
        if (timeout !== null) timer = setTimeout(() => resolve(null), timeout);
        this.#waiting.set(header.msg_id, (message) => {
          if (message.type === "input_request") {
            const { prompt, password } = message.content as { prompt: string; password: boolean };
            const value = onInput?.({ prompt, password }) ?? null;
            if (value !== null) this.#send("stdin", "input_reply", { status: "ok", value });
          } else if (message.type === type.replace("_request", "_reply"))
            void afterReply().then(() => resolve(message.content));
          else onMessage?.(message);
        });
        const message = { identities: [], header, parent: {}, metadata, content };
        this.#sockets[channel].send(encodeMessage(this.#key, message)).catch(reject);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(header.msg_id);
      this.#endWaiters.delete(fail);
    }
  }

  /** Sends what has no reply, such as the messages of a comm. */
  send(type: string, content: Content, buffers: readonly Buffer[] = []): void {
    this.#send("shell", type, content, buffers);
  }

  /** Calls the listener with each message that the kernel publishes, whatever it belongs to; returns what ends that. */
  onPublished(listener: (message: KernelMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #send(channel: "shell" | "stdin", type: string, content: Content, buffers: readonly Buffer[] = []): void {
    const header = newHeader(type, this.#session);
    const message = { identities: [], header, parent: {}, metadata: {}, content, buffers };
    void this.#sockets[channel].send(encodeMessage(this.#key, message));
  }

  /** Interrupts the running cell by a message; `signal("SIGINT")` does it as most Jupyters do. */
  async interrupt(): Promise<void> {
    await this.request("interrupt_request", {}, { channel: "control", afterReply: () => Promise.resolve() });
  }

  /** Sends a signal to the kernel's process. */
  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** The milliseconds that the kernel's heartbeat takes to come back. */
  async heartbeat(): Promise<number> {
    const socket = new this.#zeromq.Request({ linger: 0 });
    try {
      socket.connect(`ipc://${join(this.#folder, `s${this.#separator}${ports.hb_port}`)}`);
      const sent = performance.now();
      await socket.send(["ping"]);
      for await (const [frame] of socket) if (frame?.toString() === "ping") return performance.now() - sent;
      throw new Error("The heartbeat's socket was closed");
    } finally {
      socket.close();
    }
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
    for (const socket of Object.values(this.#sockets)) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #listen(socket: ZeroSocket): Promise<void> {
    for await (const frames of socket) {
      const { header, parent, content, buffers = [] } = decodeMessage(this.#key, frames);
      const message = { type: header.msg_type, parent: parent.msg_id, content, buffers };
      if (socket === this.#sockets.iopub) for (const listener of this.#listeners) listener(message);
      if (parent.msg_id !== undefined) this.#waiting.get(parent.msg_id)?.(message);
    }
  }
}
