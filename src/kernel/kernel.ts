import { setImmediate as nextTurn } from "node:timers/promises";
import { CellProcess, type Ending } from "./cell-process";
import { describeError } from "./cells/describe-error";
import type { CellError, CellJob, CommRelay, FromCells } from "./cells/messages";
import { CompilerProcess } from "./compiler/process/compiler-process";
import { Debugger } from "./debugger/debugger";
import { compileError, processError, runtimeError, type ErrorContent } from "./error-content";
import { ExecutionQueue } from "./execution-queue";
import { helpRequest } from "./help-request";
import { History } from "./history";
import { kernelInfo } from "./kernel-info";
import { cellName } from "./cells/cell-name";
import type { Connection } from "./protocol/connection";
import { newHeader, type Content, type Message } from "./protocol/message";
import { bindSockets, type KernelSockets } from "./protocol/sockets";
import { savedRuns } from "./saved-runs";
import { fromCharacters, toCharacters } from "./text-positions";

type Replying = "shell" | "control";
type Outcome = Extract<FromCells, { kind: "done" }> | { kind: "ended"; ending: Ending };

/** How long nothing must have come before types are read in advance, in milliseconds. */
const quiet = 500;
/** How many cells are remembered for stack traces and late output. */
const remembered = 1000;

const interruptedBefore: CellError = {
  name: "Interrupted",
  message: "The cell was interrupted before it ran",
  stack: [],
  position: null,
};

export interface KernelOptions {
  connection: Connection;
  /** The notebook's folder. */
  folder: string;
  /** Jupyter's id of the kernel; null where it is not known. Default: null. */
  id?: string | null;
  /** Where the kernel's own log goes. */
  log: (line: string) => void;
  /** Where it is kept what the user has run; null keeps it for as long as the kernel lives. Default: null. */
  historyFile?: string | null;
  /** Called when a client has asked the kernel to end, and it is ready to. */
  onShutdown: () => void;
}

/**
 * A Jupyter kernel for TypeScript. This process speaks the protocol and compiles; cells run in another, so that
 * whatever they do, heartbeats, completion and interrupts are answered, and even their crash is reported.
 */
export class Kernel {
  readonly #options: KernelOptions;
  readonly #queue = new ExecutionQueue();
  readonly #requests = new Map<number, Message>();
  readonly #sources = new Map<string, string>();
  #sockets: KernelSockets | null = null;
  readonly #compiler: CompilerProcess;
  readonly #history: History;
  readonly #debugger: Debugger;
  /** The comms that are open, and what they lead to. */
  readonly #comms = new Map<string, string>();
  /** The question that the user has not answered yet. */
  #question: { request: number; waits: boolean } | null = null;
  /** The text of the last value that the running cell has shown. */
  #shown: string | null = null;
  /** An expression whose value is not shown but replied. */
  #wanted: { id: number; data: Content } | null = null;
  #cells: CellProcess | null = null;
  #session = "";
  #count = 0;
  #lastId = 0;
  #running: { request: Message; end: (outcome: Outcome) => void } | null = null;
  #busy = false;
  /** Whether the cell that is being compiled must not run. */
  #interrupted = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #warm = false;
  /** Where runs of the cells' process are kept. */
  readonly #saving = new Set<string>();

  private constructor(options: KernelOptions) {
    this.#options = options;
    this.#compiler = new CompilerProcess(options.folder, options.log);
    this.#debugger = new Debugger({
      attach: () => (this.#cells ??= this.#startCells()).send({ kind: "debug" }),
      post: (message) => this.#cells?.inspect(message),
      event: (content) => this.#publish("debug_event", content, this.#running?.request ?? null),
    });
    this.#history = new History(options.historyFile ?? null, options.log);
  }

  /** Starts a kernel; it answers from when this resolves on. */
  static async start(options: KernelOptions): Promise<Kernel> {
    const kernel = new Kernel(options);
    kernel.#cells = kernel.#startCells();
    kernel.#sockets = await bindSockets(options.connection, {
      shell: (message) => kernel.#receive("shell", message),
      control: (message) => kernel.#receive("control", message),
      stdin: (message) => kernel.#answered(message),
      failure: (error) => options.log(error.message),
    });
    void kernel.#compiler.ready.then(() => kernel.#whenQuiet());
    return kernel;
  }

  /** Interrupts the running cell, or what cells have left running. */
  interrupt(): void {
    this.#debugger.release();
    if (this.#busy && !this.#running) this.#interrupted = true;
    else this.#cells?.interrupt();
  }

  /** Ends the process of the cells, and the sockets. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    await this.#cells?.close();
    this.#compiler.close();
    this.#sockets?.close();
  }

  #receive(channel: Replying, message: Message): void {
    this.#session = message.header.session;
    clearTimeout(this.#idleTimer);
    if (message.header.msg_type === "execute_request") {
      if (this.#queue.add(message)) void this.#work().catch(this.#failed);
      else this.#abort(message);
      return;
    }
    this.#serve(channel, message).catch(this.#failed);
  }

  /** What goes wrong in here is for the log: a kernel that dies takes all variables along. */
  readonly #failed = (error: unknown): void => this.#options.log(`Internal: ${describeError(error).message}`);

  async #serve(channel: Replying, message: Message): Promise<void> {
    this.#status("busy", message);
    try {
      const reply = await this.#replyTo(message);
      if (reply) this.#reply(channel, message, reply);
    } catch (error) {
      const { name, message: text } = describeError(error);
      this.#options.log(`${message.header.msg_type} failed: ${text}`);
      this.#reply(channel, message, { status: "error", ename: name, evalue: text, traceback: [] });
    }
    this.#status("idle", message);
    this.#whenQuiet();
    // The indicator of a client goes by the last status, whatever it belongs to.
    if (this.#running) this.#status("busy", this.#running.request);
    if (message.header.msg_type === "shutdown_request") this.#options.onShutdown();
  }

  /** @returns the content of the reply; null where the request has none */
  async #replyTo(message: Message): Promise<Content | null> {
    const { content } = message;
    const code = codeOf(message);
    const { cursor_pos: position } = content;
    const cursor = fromCharacters(code, typeof position === "number" ? position : code.length);
    switch (message.header.msg_type) {
      case "kernel_info_request":
        // With this every client begins: what is live shows itself to it.
        this.#cells?.send({ kind: "client" });
        return kernelInfo();
      case "complete_request":
        return this.#complete(code, cursor);
      case "inspect_request": {
        const found = await this.#compiler.inspect(code, cursor);
        const data = found ? { "text/plain": found.text, "text/markdown": found.markdown } : {};
        return { status: "ok", found: found !== null, data, metadata: {} };
      }
      case "is_complete_request":
        return { ...(await this.#compiler.isComplete(code)) };
      case "comm_info_request": {
        const wanted = [...this.#comms].filter(([, target]) => (content.target_name ?? target) === target);
        return { status: "ok", comms: Object.fromEntries(wanted.map(([id, target]) => [id, { target_name: target }])) };
      }
      case "history_request":
        return { status: "ok", history: this.#history.ask(content) };
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        this.#relay(message);
        return null;
      case "create_subshell_request":
      case "delete_subshell_request":
      case "list_subshell_request":
        throw new Error("Subshells are not supported: cells run in one thread; see supported_features");
      case "debug_request":
        return this.#debugger.request(content);
      case "interrupt_request":
        this.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: content.restart ?? false };
      default:
        this.#options.log(`Nothing is known of ${message.header.msg_type}`);
        return null;
    }
  }

  async #complete(code: string, cursor: number): Promise<Content> {
    const found = await this.#compiler.complete(code, cursor);
    const [start, end] = [toCharacters(code, found.start), toCharacters(code, found.end)];
    const types = found.matches.map((text, at) => ({ start, end, text, type: found.kinds[at] }));
    return {
      status: "ok",
      matches: found.matches,
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  /** Runs the cells that wait, one after the other. */
  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let request = this.#queue.next(); request; request = this.#queue.next()) {
        const failedAt = await this.#execute(request).catch((error: unknown) => {
          this.#failed(error);
          const { name: ename, message: evalue } = describeError(error);
          const reply = { status: "error", ename, evalue, traceback: [evalue], execution_count: this.#count };
          this.#reply("shell", request, reply);
          this.#status("idle", request);
          return Date.now();
        });
        if (failedAt === null || request.content.stop_on_error === false) continue;
        // What a client has sent before it learns of the failure is still coming in.
        for (let turn = 0; turn < 5; turn++) await nextTurn();
        for (const waiting of this.#queue.fail(failedAt)) this.#abort(waiting);
      }
    } finally {
      this.#busy = false;
      this.#whenQuiet();
    }
  }

  /** @returns when the client was told that the cell failed; null where it did not */
  async #execute(request: Message): Promise<number | null> {
    const code = codeOf(request);
    const silent = request.content.silent === true;
    this.#interrupted = false;
    if (!silent && request.content.store_history !== false) this.#count++;
    const count = this.#count;
    this.#status("busy", request);
    if (!silent) this.#publish("execute_input", { code, execution_count: count }, request);
    this.#remember(count, request, code);
    this.#shown = null;
    const name = helpRequest(code);
    const payload = name === null ? [] : await this.#help(name);
    const error = payload.length > 0 ? null : await this.#failureOf(request, code, count);
    this.#question = null;
    const ended = Date.now();
    if (!silent && request.content.store_history !== false) this.#history.add(count, code, this.#shown);
    if (error && !silent) this.#publish("error", error, request);
    const outcome = error
      ? { status: "error", ...error }
      : { status: "ok", payload, user_expressions: await this.#expressionsOf(request, count) };
    this.#reply("shell", request, { ...outcome, execution_count: count });
    this.#status("idle", request);
    return error && ended;
  }

  /** What a console shows beside the notebook: the documentation of a name. */
  async #help(name: string): Promise<Content[]> {
    const found = await this.#compiler.inspect(name, name.length);
    if (!found) return [];
    return [{ source: "page", data: { "text/plain": found.text, "text/markdown": found.markdown }, start: 0 }];
  }

  /** The values of the expressions that a client wants to know of once the cell has run, each by its name. */
  async #expressionsOf(request: Message, count: number): Promise<Content> {
    const wanted = request.content.user_expressions;
    if (typeof wanted !== "object" || wanted === null) return {};
    const values: Content = {};
    for (const [name, expression] of Object.entries(wanted)) {
      const error = ({ ename, evalue, traceback }: ErrorContent) => ({ status: "error", ename, evalue, traceback });
      const compilation = await this.#compiler.compile(`(${String(expression)}\n)`, count);
      void this.#compiler.keep(null);
      if (compilation.kind === "faults") values[name] = error(compileError(compilation.faults));
      if (compilation.kind !== "job") continue;
      this.#remember(count, request, String(expression));
      this.#wanted = { id: this.#lastId, data: {} };
      const outcome = await this.#run({ ...compilation.job, id: this.#lastId, identity: String(expression) }, request);
      const { data } = this.#wanted;
      this.#wanted = null;
      if (outcome.kind === "ended") return values;
      values[name] = outcome.error
        ? error(runtimeError(outcome.error, () => undefined))
        : { status: "ok", data, metadata: {} };
    }
    return values;
  }

  async #failureOf(request: Message, code: string, count: number): Promise<ErrorContent | null> {
    if (code.trim() === "") return null;
    // Reading its types here and loading it there takes seconds each; both at once. Only where nothing comes before it:
    // a cell may set the environment first.
    if (/^\s*import\s[^"';]*["']gradamp["']/.test(code)) this.#cells?.send({ kind: "preload", name: "gradamp" });
    let compilation;
    try {
      compilation = await this.#compiler.compile(code, count);
    } catch (error) {
      const { message } = error as Error;
      return { ename: "CompilerError", evalue: message, traceback: [`The compiler failed: ${message}`] };
    }
    if (this.#interrupted) return runtimeError(interruptedBefore, () => undefined);
    if (compilation.kind === "faults") return compileError(compilation.faults);
    if (compilation.kind === "nothing") {
      void this.#compiler.keep([]);
      return null;
    }
    const { cellId } = request.metadata;
    const identity = typeof cellId === "string" ? cellId : code;
    await this.#debugger.prepare(compilation.job.name, code, compilation.job);
    const outcome = await this.#run({ ...compilation.job, id: this.#lastId, identity }, request);
    if (outcome.kind === "ended") {
      void this.#compiler.forget();
      return processError(outcome.ending, this.#saved());
    }
    void this.#compiler.keep(outcome.error ? outcome.missing : []);
    return outcome.error && runtimeError(outcome.error, (name) => this.#sources.get(name));
  }

  #run(job: CellJob, request: Message): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#running = {
        request,
        end: (outcome) => {
          this.#running = null;
          this.#cells?.rest();
          resolve(outcome);
        },
      };
      this.#cells ??= this.#startCells();
      this.#cells.send(job);
    });
  }

  #startCells(): CellProcess {
    const { folder, id = null, log } = this.#options;
    return new CellProcess(folder, id, {
      message: (message) => this.#show(message),
      output: (name, text) => this.#show({ kind: "stream", id: this.#lastId, name, text }),
      log,
      inspector: (message) => this.#debugger.hear(message),
      deaf: (seconds) =>
        this.#show({
          kind: "stream",
          id: this.#lastId,
          name: "stderr",
          text: `The running code has not heeded the interrupt for ${seconds} seconds. Interrupt again to end its process; all variables will be lost.\n`,
        }),
      ended: (ending) => {
        this.#cells = null;
        this.#debugger.ended();
        // Their other ends are gone; no later cell can say it.
        for (const id of this.#comms.keys())
          this.#publishComm({
            kind: "comm",
            type: "comm_close",
            content: { comm_id: id, data: {} },
            metadata: {},
            buffers: [],
          });
        if (this.#running) return this.#running.end({ kind: "ended", ending });
        void this.#compiler.forget();
        const { evalue } = processError(ending, []);
        const text = [evalue, ...this.#saved(), ""].join("\n");
        this.#show({ kind: "stream", id: this.#lastId, name: "stderr", text });
      },
    });
  }

  /** Shows what comes from the process of the cells, in the cell to which it belongs. */
  #show(message: FromCells): void {
    if (message.kind === "ready" || message.kind === "interrupted") return;
    if (message.kind === "saving") return void this.#saving.add(message.folder);
    if (message.kind === "done") return this.#running?.end(message);
    if (message.kind === "comm") return this.#publishComm(message);
    if (message.kind === "ask") return this.#ask(message);
    const request = this.#requests.get(message.id);
    if (message.kind === "result" && message.id === this.#wanted?.id) {
      this.#wanted.data = message.data;
      return;
    }
    if (!request || request.content.silent === true) return;
    if (message.kind === "stream") this.#publish("stream", { name: message.name, text: message.text }, request);
    else if (message.kind === "clear") this.#publish("clear_output", { wait: message.wait }, request);
    else if (message.kind === "result") {
      const text = message.data["text/plain"];
      this.#shown = typeof text === "string" ? text : null;
      this.#publish("execute_result", { data: message.data, metadata: {}, execution_count: this.#count }, request);
    } else {
      const { data, metadata, transient, update } = message;
      this.#publish(update ? "update_display_data" : "display_data", { data, metadata, transient }, request);
    }
  }

  /** Asks the user who has sent the cell, if the client can. */
  #ask({ id, request, prompt, password, waits }: Extract<FromCells, { kind: "ask" }>): void {
    this.#question = { request, waits };
    const asker = this.#requests.get(id);
    if (!asker || asker.content.allow_stdin !== true) return this.#answer(null);
    const header = newHeader("input_request", this.#session);
    const content = { prompt, password };
    this.#sockets?.send("stdin", { identities: asker.identities, header, parent: asker.header, metadata: {}, content });
  }

  #answered({ header, content }: Message): void {
    if (header.msg_type !== "input_reply") return;
    this.#answer(content.status === "error" ? null : String(content.value ?? ""));
  }

  #answer(value: string | null): void {
    const question = this.#question;
    this.#question = null;
    if (question?.waits) this.#cells?.answerWaiting(value);
    else if (question) this.#cells?.send({ kind: "answer", request: question.request, value });
  }

  /** Hands what a client says over a comm on to the cells. */
  #relay({ header, content, metadata, buffers = [] }: Message): void {
    const type = header.msg_type as CommRelay["type"];
    this.#noteComm(type, content);
    const encoded = buffers.map((each) => each.toString("base64"));
    this.#cells?.send({ kind: "comm", type, content, metadata, buffers: encoded });
  }

  #publishComm({ type, content, metadata, buffers }: CommRelay): void {
    this.#noteComm(type, content);
    const parent = this.#running?.request ?? this.#requests.get(this.#lastId);
    const identities = [Buffer.from(`comm-${String(content.comm_id)}`)];
    this.#sockets?.send("iopub", {
      identities,
      header: newHeader(type, this.#session),
      parent: parent?.header ?? {},
      metadata,
      content,
      buffers: buffers.map((each) => Buffer.from(each, "base64")),
    });
  }

  #noteComm(type: CommRelay["type"], { comm_id: id, target_name: target }: Content): void {
    if (type === "comm_open") this.#comms.set(String(id), String(target));
    else if (type === "comm_close") this.#comms.delete(String(id));
  }

  /** What is left of the runs of a process that has ended. */
  #saved(): string[] {
    try {
      return savedRuns(this.#saving, this.#options.folder);
    } catch (error) {
      this.#options.log((error as Error).message);
      return [];
    } finally {
      this.#saving.clear();
    }
  }

  #remember(count: number, request: Message, code: string): void {
    this.#lastId++;
    this.#requests.set(this.#lastId, request);
    this.#requests.delete(this.#lastId - remembered);
    this.#sources.set(cellName.of(count), code);
    this.#sources.delete(cellName.of(count - remembered));
  }

  #abort(request: Message): void {
    this.#status("busy", request);
    this.#reply("shell", request, { status: "aborted" });
    this.#status("idle", request);
  }

  /** Reads gradamp's types once nothing has come for a while: the first cell that imports it then need not wait. */
  #whenQuiet(): void {
    clearTimeout(this.#idleTimer);
    if (this.#warm || this.#busy || !this.#compiler.isReady) return;
    this.#idleTimer = setTimeout(() => {
      if (this.#busy) return;
      this.#warm = true;
      void this.#compiler.warmUp().then(() => this.#compiler.keepSnapshot());
    }, quiet).unref();
  }

  #status(state: "busy" | "idle" | "starting", parent: Message): void {
    this.#publish("status", { execution_state: state }, parent);
  }

  #publish(type: string, content: Content, parent: Message | null): void {
    // Subscribers filter by what a message begins with; Jupyter's begin with their kind.
    const identities = [Buffer.from(`kernel.${type}`)];
    const header = newHeader(type, this.#session);
    this.#sockets?.send("iopub", { identities, header, parent: parent?.header ?? {}, metadata: {}, content });
  }

  #reply(channel: Replying, request: Message, content: Content): void {
    const header = newHeader(request.header.msg_type.replace(/_request$/, "_reply"), this.#session);
    this.#sockets?.send(channel, {
      identities: request.identities,
      header,
      parent: request.header,
      metadata: {},
      content,
    });
  }
}

/**
 * The code that a request brings; none where it brings none.
 *
 * @throws {TypeError} if it is no text
 */
function codeOf({ content: { code = "" } }: Message): string {
  if (typeof code !== "string") throw new TypeError(`Expected code to be a text but found ${JSON.stringify(code)}`);
  return code;
}
