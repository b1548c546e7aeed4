import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CompiledCode } from "../cells/messages";
import type { Content } from "../protocol/message";
import { CodePlaces } from "./code-places";
import { murmur2 } from "./murmur2";

/** What Node's inspector tells: an answer, or an event. */
export type InspectorMessage = { id?: number; result?: Content; error?: { message: string }; method?: string; params?: Content }; // prettier-ignore

export interface DebuggerParts {
  /** Attaches to the process of the cells. */
  attach(): void;
  /** Asks Node's inspector in that process. */
  post(message: { id: number; method: string; params: Content }): void;
  /** Tells clients of an event of the Debug Adapter Protocol. */
  event(content: Content): void;
}

interface Frame {
  callFrameId: string;
  functionName: string;
  url: string;
  location: { scriptId: string; lineNumber: number; columnNumber?: number };
  scopeChain: { type: string; object: { objectId?: string }; name?: string }[];
}
interface RemoteObject {
  type: string;
  subtype?: string;
  className?: string;
  value?: unknown;
  description?: string;
  unserializableValue?: string;
  objectId?: string;
}

const hashSeed = 0xc0ffee;
const suffix = ".ts";
/** The one thread: cells run one after the other. */
const threadId = 1;
/** How long an answer of the inspector may take, in milliseconds. */
const patience = 10_000;

/**
 * JupyterLab's debugger for cells: the Debug Adapter Protocol on one side, Node's inspector on the other. Breakpoints belong
 * to the text of a cell, and are set when a cell of that text runs.
 */
export class Debugger {
  readonly #parts: DebuggerParts;
  readonly #prefix = join(tmpdir(), `gradamp_${process.pid}`) + "/";
  readonly #texts = new Map<string, string>();
  readonly #breakpoints = new Map<string, { line: number; condition?: string }[]>();
  /** Cells that have run, by the name of their code. */
  readonly #cells = new Map<string, { path: string; places: CodePlaces }>();
  readonly #waiting = new Map<number, { resolve: (result: Content) => void; reject: (error: Error) => void }>();
  /** What a client may look into, by a number. */
  #objects: string[] = [];
  #frames: Frame[] = [];
  /** How scripts are called, by their numbers. */
  readonly #scripts = new Map<string, string>();
  #set: string[] = [];
  #lastId = 0;
  #sequence = 0;
  #isStarted = false;
  #isStepping = false;

  constructor(parts: DebuggerParts) {
    this.#parts = parts;
  }

  /** Answers a request of the Debug Adapter Protocol. */
  async request(request: Content): Promise<Content> {
    const { command, arguments: given = {}, seq } = request;
    const answer = { type: "response", request_seq: seq, command };
    try {
      const body = await this.#work(String(command), given as Content);
      return { ...answer, seq: ++this.#sequence, success: true, body };
    } catch (error) {
      return { ...answer, seq: ++this.#sequence, success: false, message: (error as Error).message, body: {} };
    }
  }

  /** Sets the breakpoints of a cell that is about to run. */
  async prepare(name: string, text: string, compiled: CompiledCode): Promise<void> {
    if (!this.#isStarted) return;
    const path = this.#pathOf(text);
    const places = new CodePlaces(compiled);
    this.#cells.set(name, { path, places });
    await this.#setBreakpoints(name, path, places);
  }

  /** Hears the inspector. */
  hear({ id, result = {}, error, method, params = {} }: InspectorMessage): void {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new Error(error.message));
      else waiting?.resolve(result);
    } else if (method === "Debugger.scriptParsed") this.#scripts.set(String(params["scriptId"]), String(params["url"]));
    else if (method === "Debugger.paused") this.#paused(params);
    else if (method === "Debugger.resumed" && this.#frames.length > 0) {
      this.#frames = [];
      this.#event("continued", { threadId, allThreadsContinued: true });
    }
  }

  /** Lets code that stands at a breakpoint go on, so that it can hear an interrupt. */
  release(): void {
    if (this.#frames.length > 0) void this.#post("Debugger.resume").catch(() => undefined);
  }

  /** The process of the cells has ended. */
  ended(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error("The process of the cells has ended"));
    this.#waiting.clear();
    this.#frames = [];
    this.#cells.clear();
    this.#scripts.clear();
    if (this.#isStarted) this.#event("terminated", {});
    this.#isStarted = false;
  }

  async #work(command: string, given: Content): Promise<Content> {
    switch (command) {
      case "debugInfo":
        return this.#info();
      case "initialize":
        return {
          supportsConfigurationDoneRequest: true,
          supportsConditionalBreakpoints: true,
          supportsEvaluateForHovers: true,
          exceptionBreakpointFilters: [
            { filter: "uncaught", label: "Uncaught exceptions", default: false },
            { filter: "all", label: "All exceptions", default: false },
          ],
        };
      case "attach":
        this.#parts.attach();
        await this.#post("Runtime.enable");
        await this.#post("Debugger.enable");
        await this.#post("Debugger.setBlackboxPatterns", { patterns: ["^node:", "/dist/src/", "/node_modules/"] });
        this.#isStarted = true;
        this.#event("initialized", {});
        return {};
      case "disconnect":
        await this.#clear();
        if (this.#isStarted) await this.#post("Debugger.disable");
        this.#isStarted = false;
        this.#breakpoints.clear();
        return {};
      case "dumpCell": {
        const code = String(given["code"] ?? "");
        const path = this.#pathOf(code);
        this.#texts.set(path, code);
        return { sourcePath: path };
      }
      case "setBreakpoints":
        return this.#takeBreakpoints(given);
      case "setExceptionBreakpoints": {
        const filters = Array.isArray(given["filters"]) ? given["filters"] : [];
        const state = filters.includes("all") ? "all" : filters.length > 0 ? "uncaught" : "none";
        await this.#post("Debugger.setPauseOnExceptions", { state });
        return {};
      }
      case "configurationDone":
        return {};
      case "source": {
        const { path } = (given["source"] ?? {}) as { path?: string };
        const content = this.#texts.get(path ?? "");
        if (content === undefined) throw new Error(`Expected the path of a cell but found ${path}`);
        return { content, mimeType: "text/typescript" };
      }
      case "threads":
        return { threads: [{ id: threadId, name: "Cells" }] };
      case "modules":
        return { modules: [], totalModules: 0 };
      case "stackTrace":
        return this.#stack();
      case "scopes":
        return this.#scopes(Number(given["frameId"]));
      case "variables":
        return { variables: await this.#properties(this.#objects[Number(given["variablesReference"]) - 1]) };
      case "inspectVariables":
        return { variables: await this.#properties(await this.#objectOf("__gradamp__.values")) };
      case "richInspectVariables":
        return this.#rich(String(given["variableName"]), given["frameId"]);
      case "evaluate":
        return this.#evaluate(String(given["expression"]), given["frameId"]);
      case "continue":
        return this.#step("Debugger.resume", { allThreadsContinued: true });
      case "next":
        return this.#step("Debugger.stepOver");
      case "stepIn":
        return this.#step("Debugger.stepInto");
      case "stepOut":
        return this.#step("Debugger.stepOut");
      case "pause":
        return this.#step("Debugger.pause");
      default:
        throw new Error(`${command} is not supported`);
    }
  }

  #info(): Content {
    return {
      isStarted: this.#isStarted,
      hashMethod: "Murmur2",
      hashSeed,
      tmpFilePrefix: this.#prefix,
      tmpFileSuffix: suffix,
      breakpoints: [...this.#breakpoints].map(([source, breakpoints]) => ({ source, breakpoints })),
      stoppedThreads: this.#frames.length > 0 ? [threadId] : [],
      richRendering: true,
      exceptionPaths: ["uncaught", "all"],
      copyToGlobals: false,
    };
  }

  #pathOf(code: string): string {
    return `${this.#prefix}${murmur2(code, hashSeed)}${suffix}`;
  }

  async #takeBreakpoints(given: Content): Promise<Content> {
    const { path = "" } = (given["source"] ?? {}) as { path?: string };
    const wanted = (given["breakpoints"] ?? []) as { line: number; condition?: string }[];
    if (wanted.length === 0) this.#breakpoints.delete(path);
    else this.#breakpoints.set(path, wanted);
    await this.#clear();
    for (const [name, { path: own, places }] of this.#cells) await this.#setBreakpoints(name, own, places);
    return { breakpoints: wanted.map(({ line }) => ({ verified: true, line, source: { path } })) };
  }

  async #clear(): Promise<void> {
    for (const breakpointId of this.#set.splice(0)) await this.#post("Debugger.removeBreakpoint", { breakpointId });
  }

  async #setBreakpoints(url: string, path: string, places: CodePlaces): Promise<void> {
    for (const { line, condition } of this.#breakpoints.get(path) ?? []) {
      const found = places.generatedOf(line - 1);
      if (!found) continue;
      const { line: lineNumber, column: columnNumber } = found.place;
      const place = { url, lineNumber, columnNumber, ...(condition ? { condition } : {}) };
      const { breakpointId } = await this.#post("Debugger.setBreakpointByUrl", place);
      this.#set.push(String(breakpointId));
    }
  }

  #paused({ callFrames, reason, hitBreakpoints }: Content): void {
    const frames = (callFrames as Frame[])
      .map((frame) => ({ ...frame, url: this.#scripts.get(frame.location.scriptId) ?? "" }))
      .filter(({ url }) => this.#cells.has(url));
    // In what cells stand on: a step has left the last one.
    if (frames.length === 0) return void this.#post("Debugger.resume").catch(() => undefined);
    this.#frames = frames;
    this.#objects = [];
    const thrown = reason === "exception" || reason === "promiseRejection";
    const hit = Array.isArray(hitBreakpoints) && hitBreakpoints.length > 0;
    const why = thrown ? "exception" : hit || !this.#isStepping ? "breakpoint" : "step";
    this.#isStepping = false;
    this.#event("stopped", { reason: why, threadId, allThreadsStopped: true });
  }

  #stack(): Content {
    const stackFrames = this.#frames.map(({ functionName, url, location }, at) => {
      const cell = this.#cells.get(url);
      const place = cell?.places.originalOf({ line: location.lineNumber, column: location.columnNumber ?? 0 });
      return {
        id: at + 1,
        name: functionName || url,
        source: { path: cell?.path, name: url },
        line: (place?.line ?? 0) + 1,
        column: (place?.column ?? 0) + 1,
      };
    });
    return { stackFrames, totalFrames: stackFrames.length };
  }

  async #scopes(frameId: number): Promise<Content> {
    const frame = this.#frames[frameId - 1];
    const names: Record<string, string> = { local: "Locals", block: "Block", closure: "Closure", catch: "Catch" };
    const inner = (frame?.scopeChain ?? []).filter(({ type }) => Object.hasOwn(names, type));
    const shared = await this.#objectOf("__gradamp__.values");
    return {
      scopes: [
        ...inner.map(({ type, object }) => this.#scope(names[type]!, object.objectId)),
        this.#scope("Variables of cells", shared),
      ],
    };
  }

  #scope(name: string, objectId: string | undefined): Content {
    return { name, variablesReference: this.#referenceTo(objectId), expensive: false };
  }

  #referenceTo(objectId: string | undefined): number {
    return objectId === undefined ? 0 : this.#objects.push(objectId);
  }

  async #objectOf(expression: string): Promise<string | undefined> {
    const { result } = await this.#post("Runtime.evaluate", { expression });
    return (result as RemoteObject).objectId;
  }

  async #properties(objectId: string | undefined): Promise<Content[]> {
    if (objectId === undefined) return [];
    const { result } = await this.#post("Runtime.getProperties", { objectId, ownProperties: true });
    const hidden = new Set(["exports", "require", "__filename", "__dirname", "__proto__", "tsLastExpr"]);
    return (result as { name: string; value?: RemoteObject }[])
      .filter(({ name, value }) => value !== undefined && !hidden.has(name))
      .map(({ name, value }) => ({ name, evaluateName: name, ...this.#described(value!) }));
  }

  #described(object: RemoteObject): Content {
    const { type, subtype, className, value, description, unserializableValue, objectId } = object;
    const text = type === "string" ? JSON.stringify(value) : (unserializableValue ?? description ?? String(value));
    const isPlain = objectId === undefined || type === "function";
    return { value: text, type: className ?? subtype ?? type, variablesReference: isPlain ? 0 : this.#referenceTo(objectId) }; // prettier-ignore
  }

  async #evaluate(expression: string, frameId: unknown): Promise<Content> {
    const frame = this.#frames[Number(frameId) - 1] ?? this.#frames[0];
    const { result, exceptionDetails } = frame
      ? await this.#post("Debugger.evaluateOnCallFrame", { callFrameId: frame.callFrameId, expression })
      : await this.#post("Runtime.evaluate", { expression });
    const remote = result as RemoteObject;
    // A variable that an earlier cell declares is none of JavaScript's.
    if (exceptionDetails && /^[\p{ID_Start}$_][\p{ID_Continue}$.]*$/u.test(expression)) {
      const again = await this.#post("Runtime.evaluate", { expression: `__gradamp__.values.${expression}` });
      if (!again["exceptionDetails"]) return this.#result(again["result"] as RemoteObject);
    }
    if (exceptionDetails) throw new Error(remote.description ?? "The expression throws");
    return this.#result(remote);
  }

  #result(remote: RemoteObject): Content {
    const { value, ...rest } = this.#described(remote);
    return { result: value, ...rest };
  }

  async #rich(name: string, frameId: unknown): Promise<Content> {
    const { result } = await this.#evaluate(name, frameId);
    return { data: { "text/plain": result }, metadata: {} };
  }

  async #step(method: string, body: Content = {}): Promise<Content> {
    this.#isStepping = method !== "Debugger.resume";
    await this.#post(method);
    return body;
  }

  #event(event: string, body: Content): void {
    this.#parts.event({ seq: ++this.#sequence, type: "event", event, body });
  }

  #post(method: string, params: Content = {}): Promise<Content> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`Node's inspector does not answer ${method}`));
      }, patience);
      const settle =
        <Value>(work: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer);
          work(value);
        };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#parts.post({ id, method, params });
    });
  }
}
