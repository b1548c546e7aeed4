import { SourceMap } from "node:module";
import { isAbsolute, join, relative, sep } from "node:path";
import type { CompiledCode } from "./messages";

interface Source {
  /** How the place is called. */
  name: string;
  payloads: CompiledCode["maps"];
  code: string;
  /** Read when the first error needs them. */
  maps: SourceMap[] | null;
}

const sources = new Map<string, Source>();

const runnerFile = join(__dirname, "cell-runner.js");

/** Frames of these are left out: they are ours and Node's, and the same in every trace. */
const inside = (file: string) =>
  file.startsWith(__dirname + sep) || file === "node:vm" || /^node:internal\/(process|vm|timers|modules)/.test(file);

/**
 * Makes stack traces name lines of the user's own code.
 *
 * @param script the name under which the JavaScript runs
 * @param name how the place is called in traces
 */
export function registerSource(script: string, compiled: CompiledCode, name: string): void {
  sources.set(script, {
    name,
    payloads: compiled.maps,
    code: compiled.code,
    maps: null,
  });
}

/** Where a name begins that is called as `(0, exports.name)(…)`, of which V8 tells the end; else the same column. */
function calleeStart(line: string, column: number): number {
  const called = [...line.matchAll(/\(0, [\w$.]+\)/g)].find(({ index, 0: text }) => index < column && column <= index + text.length); // prettier-ignore
  return called ? called.index + "(0, ".length : column;
}

/** Line and column in the user's code, both from 1. */
function originalPosition(source: Source, line: number, column: number): { line: number; column: number } {
  source.maps ??= source.payloads.map((map) => new SourceMap(map as never));
  let at = { line: line - 1, column: calleeStart(source.code.split("\n")[line - 1] ?? "", column - 1) };
  for (const map of source.maps) {
    const entry = map.findEntry(at.line, at.column) as { originalLine?: number; originalColumn?: number };
    if (entry.originalLine === undefined || entry.originalColumn === undefined) break;
    at = { line: entry.originalLine, column: entry.originalColumn };
  }
  return { line: at.line + 1, column: at.column + 1 };
}

function describeFrame(site: NodeJS.CallSite): string | null {
  const file = site.getFileName() ?? "";
  if (inside(file)) return null;
  const text = String(site);
  const source = sources.get(file);
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  if (!source || line === null || column === null) {
    const short = isAbsolute(file) ? relative(process.cwd(), file) : file;
    return short.startsWith("..") || short === "" ? text : text.replace(file, short);
  }
  const place = originalPosition(source, line, column);
  return text.replace(`${file}:${line}:${column}`, `${source.name}:${place.line}:${place.column}`);
}

/** Without what a cell stands on: our runner, what called it, and the script around the function that is the cell. */
function aboveRunner(sites: readonly NodeJS.CallSite[]): NodeJS.CallSite[] {
  const runner = sites.findIndex((site) => site.getFileName() === runnerFile);
  if (runner < 0) return [...sites];
  const above = sites.slice(0, runner);
  // After an `await` the cell's function stands alone.
  if ((sites[runner] as NodeJS.CallSite & { isAsync(): boolean }).isAsync()) return above;
  const script = above.map((site) => sources.has(site.getFileName() ?? "")).lastIndexOf(true);
  return script < 0 ? above : above.slice(0, script);
}

/** From now on `error.stack` names the user's lines, and leaves out what lies beneath a cell. */
export function installStackPositions(): void {
  Error.stackTraceLimit = 30;
  Error.prepareStackTrace = (error, sites) => {
    let head: string;
    try {
      head = Error.prototype.toString.call(error);
    } catch {
      head = "Error";
    }
    const frames = aboveRunner(sites)
      .map(describeFrame)
      .filter((frame) => frame !== null);
    return [head, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
}
