import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { kernelCommand } from "../../../src/kernel/kernel-command";
import { decodeMessage, encodeMessage, type Message, newHeader } from "../../../src/kernel/protocol/message";
import { zeromq, type ZeroSocket } from "../../../src/kernel/protocol/zeromq";
import { random, type Random } from "../../../src/datasets/batches/random";

type Frames = (string | Buffer)[];

/** What stands where something else should: every kind of JSON value. */
const VALUES: readonly unknown[] = [null, true, 0, -1, 1e308, 0.5, "", "x", "__proto__", "\u0000\ud800", [], [null], {}, { code: null }, { toString: 1 }, { length: -1 }]; // prettier-ignore

const CODES = [
  "1",
  "let a = 1",
  "a",
  "throw null",
  "throw undefined",
  "(",
  "import 'nowhere'",
  "await 1",
  "\u2028",
  "/*",
];

/** Requests as a client sends them, but for the end of the kernel. */
const REQUESTS: readonly (readonly [string, Record<string, unknown>])[] = [
  ["kernel_info_request", {}],
  ["execute_request", { code: "1", silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: false }], // prettier-ignore
  ["complete_request", { code: "Math.m", cursor_pos: 6 }],
  ["inspect_request", { code: "Math.max", cursor_pos: 6, detail_level: 0 }],
  ["is_complete_request", { code: "for (" }],
  ["history_request", { output: false, raw: true, hist_access_type: "tail", n: 1 }],
  ["comm_info_request", { target_name: "x" }],
  ["comm_open", { comm_id: "c", target_name: "x", data: {} }],
  ["comm_msg", { comm_id: "c", data: {} }],
  ["interrupt_request", {}],
  ["nothing_request", {}],
];

/** A kernel's process and two bare sockets to it, on which anything can be sent. */
export class FuzzedKernel {
  readonly #folder = mkdtempSync(join(tmpdir(), "gaf-"));
  readonly #key = randomUUID();
  readonly #process: ChildProcess;
  readonly #sockets: Record<"shell" | "control", ZeroSocket>;
  readonly #replies = new Map<string, (reply: Message) => void>();
  log = "";

  constructor() {
    const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
    const ip = join(this.#folder, "s");
    const file = join(this.#folder, "connection.json");
    writeFileSync(file, JSON.stringify({ transport: "ipc", ip, key: this.#key, signature_scheme: "hmac-sha256", ...ports })); // prettier-ignore
    const [program = "", ...words] = kernelCommand().map((word) => word.replace("{connection_file}", file));
    this.#process = spawn(program, words, { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (chunk: Buffer) => (this.log = (this.log + chunk.toString()).slice(-4000)));
    const { Dealer } = zeromq();
    this.#sockets = { shell: new Dealer({ linger: 0 }), control: new Dealer({ linger: 0 }) };
    for (const [name, socket] of Object.entries(this.#sockets)) {
      socket.connect(`ipc://${ip}-${name === "shell" ? 1 : 4}`);
      void this.#listen(socket);
    }
  }

  /** How the kernel ended; null while it runs. */
  get ended(): string | null {
    const { exitCode, signalCode } = this.#process;
    return exitCode === null && signalCode === null ? null : `${signalCode ?? exitCode}`;
  }

  /** Asks something properly; null where no answer comes. */
  async ask(channel: "shell" | "control", type: string, content: Record<string, unknown>): Promise<Message | null> {
    const header = newHeader(type, "s");
    const answered = new Promise<Message>((resolve) => this.#replies.set(header.msg_id, resolve));
    await this.#sockets[channel].send(encodeMessage(this.#key, { identities: [], header, parent: {}, metadata: {}, content })); // prettier-ignore
    const late = new AbortController();
    const none = sleep(60_000, null, { signal: late.signal }).catch(() => null);
    return Promise.race([answered, none]).finally(() => late.abort());
  }

  /** Whether a cell still computes, after everything that was sent before. */
  async answers(): Promise<boolean> {
    for (let attempt = 0; attempt < 20; attempt++) {
      if (this.ended !== null) return false;
      // Interrupts that were sent before are over when this is answered.
      await this.ask("control", "kernel_info_request", {});
      const code = 'if (1 + 1 !== 2) throw new Error("wrong");';
      const reply = await this.ask("shell", "execute_request", { code, store_history: false });
      if (reply?.content["status"] === "ok") return true;
      await sleep(300);
    }
    return false;
  }

  async send(channel: "shell" | "control", frames: Frames): Promise<void> {
    await this.#sockets[channel].send(frames);
  }

  /** A request with something wrong in it, signed as it should be most of the time. */
  mutated(draw: Random): { channel: "shell" | "control"; frames: Frames } {
    const pick = <Value>(of: readonly Value[]): Value => of[draw.integer(of.length)]!;
    const [type, content] = pick(REQUESTS);
    const message = structuredClone({ identities: [], header: newHeader(type, "s"), parent: {}, metadata: {}, content: { ...content } }) as Message; // prettier-ignore
    if (type === "execute_request") message.content["code"] = pick(CODES);
    const parts = ["header", "parent", "metadata", "content"] as const;
    const part = pick(parts);
    const channel = pick(["shell", "shell", "control"] as const);
    const how = draw.integer(6);
    if (how < 3) {
      const object = message[part] as Record<string, unknown>;
      const name = pick([...Object.keys(object), "cellId", "code", "msg_type"]);
      if (draw.integer(2) === 0) Reflect.deleteProperty(object, name);
      else object[name] = pick(VALUES);
    } else if (how === 3) (message as unknown as Record<string, unknown>)[part] = pick(VALUES);
    const frames = encodeMessage(this.#key, message);
    if (how === 4) {
      const at = draw.integer(frames.length);
      const text = Buffer.from(frames[at]!);
      if (draw.integer(2) === 0 && text.length > 0) text[draw.integer(text.length)]! ^= 1 << draw.integer(8);
      frames[at] = draw.integer(3) === 0 ? Buffer.alloc(0) : text;
    } else if (how === 5) {
      if (draw.integer(2) === 0) frames.splice(draw.integer(frames.length), 1);
      else frames.splice(draw.integer(frames.length), 0, pick(["", "{}", "<IDS|MSG>", Buffer.alloc(1000)]));
    }
    return { channel, frames };
  }

  close(): void {
    this.#process.kill("SIGTERM");
    for (const socket of Object.values(this.#sockets)) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #listen(socket: ZeroSocket): Promise<void> {
    for await (const frames of socket) {
      const reply = decodeMessage(this.#key, frames);
      this.#replies.get(reply.parent.msg_id ?? "")?.(reply);
    }
  }
}

/**
 * Sends so many mutated messages, and asks after every so many whether the kernel still computes.
 *
 * @returns after which message it did not any more; null where it always did
 */
export async function fuzzKernel(
  kernel: FuzzedKernel,
  count: number,
  every: number,
  seed: number,
): Promise<number | null> {
  const draw = random(seed);
  for (let sent = 1; sent <= count; sent++) {
    const { channel, frames } = kernel.mutated(draw);
    await kernel.send(channel, frames);
    if (sent % every === 0 && !(await kernel.answers())) return sent;
  }
  return (await kernel.answers()) ? null : count;
}
