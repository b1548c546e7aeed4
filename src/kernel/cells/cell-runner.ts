import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { types } from "node:util";
import { runInThisContext } from "node:vm";
import type { Comm, CommMessage } from "../../cell/comm";
import type { KernelHost } from "../../cell/kernel-cell";
import type { KernelCell, MimeBundle } from "../../cell/running-cell";
import { cellFile } from "./cell-file";
import type { CellModules } from "./cell-modules";
import type { CellScope } from "./cell-scope";
import { describeError } from "./describe-error";
import { Interrupted, type Interrupts } from "./interrupts";
import type { CellJob, FromCells } from "./messages";
import type { Comms } from "./comms";
import type { Output } from "./output";
import { presentValue } from "./present-value";
import type { DeviceMemory } from "./tfjs/device-memory";
import type { LayerNames } from "./tfjs/layer-names";
import { sharedState, type SharedState } from "./shared-state";
import { registerSource } from "./stack-positions";
import type { Question, UserInput } from "./user-input";

/** How long code that is interrupted may go on, in `finally` and `catch`, before the cell ends without it. */
const graceAfterInterrupt = 1000;
/** How long pictures and the like may keep a cell busy after its code has ended. */
const graceBeforeIdle = 8000;

export interface RunnerParts {
  send: (message: FromCells) => void;
  output: Output;
  interrupts: Interrupts;
  scope: CellScope;
  modules: CellModules;
  shared: SharedState;
  memory: DeviceMemory;
  names: LayerNames;
  comms: Comms;
  input: UserInput;
  /** Adds the listeners to signals that the synchronous part of a cell has asked for. */
  release: () => void;
}

/** Runs cells, one at a time; tells the kernel what they show and how they end. */
export class CellRunner implements KernelHost {
  readonly #parts: RunnerParts;
  /** Jupyter's id of the kernel, with which this process was started. */
  readonly kernelId = process.argv[2] || null;
  readonly #pending = new Set<Promise<unknown>>();
  readonly #clientListeners = new Set<() => void>();
  #cell: KernelCell | null = null;
  #fail: ((reason: Error) => void) | null = null;
  #id = 0;
  #runs = false;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** The execution to which output belongs: the running one, else the last. */
  get id(): number {
    return this.#id;
  }

  /** The execution that runs now; null between cells. */
  get running(): number | null {
    return this.#runs ? this.#id : null;
  }

  /** The running cell, else the last one: what it left running still shows things. */
  cell(): KernelCell | null {
    return this.#cell;
  }

  /** Keeps the cell busy until the work is done, after its code has ended. */
  beforeIdle(work: Promise<unknown>): void {
    const settled = Promise.race([work, delay(graceBeforeIdle, undefined, { ref: false })])
      .catch(() => undefined)
      .finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
  }

  ask(question: Question): Promise<string> {
    return this.#parts.input.ask(question);
  }

  clear(wait: boolean): void {
    this.#parts.output.flush();
    this.#parts.send({ kind: "clear", id: this.#id, wait });
  }

  openComm(target: string, id: string, message: CommMessage): Comm {
    return this.#parts.comms.open(target, id, message);
  }

  onComm(target: string, listener: (comm: Comm, message: CommMessage) => void): void {
    this.#parts.comms.register(target, listener);
  }

  saving(folder: string): void {
    this.#parts.send({ kind: "saving", folder });
  }

  onClient(listener: () => void): () => void {
    this.#clientListeners.add(listener);
    return () => this.#clientListeners.delete(listener);
  }

  clientCame(): void {
    for (const listener of this.#clientListeners) listener();
  }

  /** Ends the running cell with an error that no code of it caught. */
  fail(reason: Error): void {
    this.#fail?.(reason);
  }

  async run(job: CellJob): Promise<void> {
    const { send, output, interrupts, scope, modules, memory } = this.#parts;
    this.#id = job.id;
    this.#runs = true;
    this.#cell = { write: this.#writerFor(job.id), identity: job.identity };
    registerSource(job.name, job, job.name);
    scope.begin(job.declares, job.continues);
    interrupts.begin();
    let thrown: { reason: unknown } | null = null;
    try {
      modules.update(job.modules);
      // What this cell made when it ran before makes room for what it makes now.
      if (scope.clear(job.declares) && memory.hasGrown) await this.#collect();
      await this.#execute(job);
      const value = job.lastValue === null ? undefined : scope.take(job.lastValue);
      const data = (await interrupts.wait(presentValue(value), job.name)) as MimeBundle | null;
      output.flush();
      if (data) send({ kind: "result", id: job.id, data });
      if (interrupts.requested) thrown = { reason: new Interrupted() };
    } catch (reason) {
      thrown = { reason: endedChild(reason) && interrupts.notice() ? new Interrupted() : reason };
    }
    interrupts.end();
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    output.flush();
    this.#runs = false;
    const error = thrown && describeError(thrown.reason);
    send({ kind: "done", id: job.id, error, missing: scope.missing() });
    if (memory.hasGrownMuch) await this.#collect();
  }

  async #collect(): Promise<void> {
    await this.#parts.memory.collect();
    this.#parts.names.refresh();
  }

  async #execute({ code, name, isAsync }: CellJob): Promise<void> {
    const { interrupts, scope, modules, shared, release } = this.#parts;
    // In a function of its own, so that a later cell may declare the same names again; on one line, to keep the numbers.
    const program = `(${isAsync ? "async " : ""}function (exports, require, __filename, __dirname) { ${code}\n})(...__gradamp__.cell)`;
    Object.assign(__gradamp__, { cell: [scope.exports, modules.require, cellFile, dirname(cellFile)] });
    let result: unknown;
    try {
      Atomics.store(shared, sharedState.breakable, 1);
      result = runInThisContext(program, { filename: name, breakOnSigint: true });
    } catch (error) {
      if (codeOf(error) !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
      interrupts.emit("broken");
      throw new Interrupted();
    } finally {
      Atomics.store(shared, sharedState.breakable, 0);
      release();
    }
    if (!isAsync) return;
    const ended = new Promise<never>((_, reject) => (this.#fail = reject));
    const onRaised = () => {
      const timer = setTimeout(() => this.#fail?.(new Interrupted()), graceAfterInterrupt);
      (result as Promise<unknown>).then(
        () => clearTimeout(timer),
        () => clearTimeout(timer),
      );
    };
    interrupts.on("raised", onRaised);
    try {
      await Promise.race([result, ended]);
    } finally {
      interrupts.off("raised", onRaised);
      this.#fail = null;
    }
  }

  #writerFor(id: number): KernelCell["write"] {
    const { send, output } = this.#parts;
    return ({ data, metadata, transient }, update = false) => {
      output.flush();
      send({ kind: "display", id, data: asJson(data), metadata, transient, update });
    };
  }
}

/** A system error's code; null of what is none, or is nothing at all. */
function codeOf(error: unknown): unknown {
  try {
    return (error as NodeJS.ErrnoException | null)?.code ?? null;
  } catch {
    return null;
  }
}

/** Whether it tells that a child process was ended as an interrupt ends them, which can be faster than its news. */
function endedChild(reason: unknown): boolean {
  // A proxy may forbid to be asked what it is.
  return types.isNativeError(reason) && Object.getOwnPropertyDescriptor(reason, "signal")?.value === "SIGINT";
}

/** Bytes go over the wire in base64. */
function asJson(data: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ]),
  );
}
