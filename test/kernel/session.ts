import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KernelClient, type KernelMessage, type RequestOptions } from "../../src/execute/kernel-client";

/** What a cell showed and how it ended. */
export interface Shown {
  status: string;
  count: number;
  stdout: string;
  stderr: string;
  /** The texts of displays and of the last value. */
  texts: string[];
  /** The text of the last value; null where there is none. */
  result: string | null;
  error: { ename: string; evalue: string; traceback: string } | null;
  messages: KernelMessage[];
}

/** A kernel in a folder of its own, and cells run in it. */
export class Session {
  private constructor(
    readonly client: KernelClient,
    readonly folder: string,
  ) {}

  static async start(folder = mkdtempSync(join(tmpdir(), "gradamp-kernel-"))): Promise<Session> {
    return new Session(await KernelClient.start({ folder }), folder);
  }

  /**
   * Runs a cell.
   *
   * @param onText called with each piece of text that it prints
   */
  async run(
    code: string,
    options: Omit<RequestOptions, "onMessage"> & { onText?: (text: string) => void; stopOnError?: boolean } = {},
  ): Promise<Shown> {
    const { onText, ...rest } = options;
    const messages: KernelMessage[] = [];
    const reply = await this.client.execute(code, {
      timeout: 120_000,
      ...rest,
      onMessage: (message) => {
        messages.push(message);
        if (message.type === "stream") onText?.(String(message.content.text));
      },
    });
    const stream = (name: string) =>
      messages
        .filter(({ type, content }) => type === "stream" && content.name === name)
        .map(({ content }) => content.text)
        .join("");
    const textOf = ({ content }: KernelMessage) => String((content.data as Record<string, unknown>)["text/plain"]);
    const error = messages.find(({ type }) => type === "error")?.content;
    const result = messages.find(({ type }) => type === "execute_result");
    return {
      status: String(reply.status),
      count: Number(reply.execution_count),
      stdout: stream("stdout"),
      stderr: stream("stderr"),
      texts: messages.filter(({ type }) => /^(update_)?display_data|execute_result$/.test(type)).map(textOf),
      result: result ? textOf(result) : null,
      error: error
        ? {
            ename: String(error.ename),
            evalue: String(error.evalue),
            traceback: (error.traceback as string[]).join("\n"),
          }
        : null,
      messages,
    };
  }

  /** Runs a cell and interrupts it once it has printed something. */
  async interrupted(code: string, interrupt: () => unknown = () => this.client.interrupt()): Promise<Shown> {
    let done = false;
    return this.run(code, {
      onText: () => {
        if (done) return;
        done = true;
        void interrupt();
      },
    });
  }

  async close(): Promise<void> {
    await this.client.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
