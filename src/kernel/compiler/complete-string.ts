import type * as typescript from "typescript";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, parse, resolve } from "node:path";
import { packageRoot } from "../../files/package-root";
import type { CompletionReply } from "./describe-completions";
import type { TypeScript } from "./typescript";

/** A candidate and what it is. */
type Candidate = readonly [name: string, kind: string];

/**
 * What may stand in the string literal at a place: the values that its type allows, or module names and paths in an import,
 * else files. The whole literal, or its last part behind a slash, is replaced.
 *
 * @param position in the code, from 0
 * @param entries what TypeScript's own completion says
 * @param folder the notebook's: relative paths lead from there
 * @returns null where no string literal stands there
 */
export function completeString(
  ts: TypeScript,
  code: string,
  position: number,
  entries: readonly typescript.CompletionEntry[],
  folder: string,
): CompletionReply | null {
  const literal = literalAt(ts, code, position);
  if (literal === null) return null;
  const { start, end } = literal;
  const typed = code.slice(start, position);
  const reply = (from: number, candidates: readonly Candidate[]): CompletionReply => {
    const sorted = [...new Map(candidates)].filter(([name]) => name.startsWith(code.slice(from, position)));
    return { start: from, end, matches: sorted.map(([name]) => name), kinds: sorted.map(([, kind]) => kind) };
  };
  const slash = start + typed.lastIndexOf("/") + 1;
  if (literal.isModule && !/^\.{0,2}\//.test(typed)) return reply(start, moduleNames(folder, typed));
  if (literal.isModule) return reply(slash, pathsIn(resolve(folder, typed.slice(0, slash - start)), true));
  if (entries.length > 0)
    return reply(
      start,
      entries.map(({ name, kind }) => [name, kind]),
    );
  return reply(slash, pathsIn(resolve(folder, typed.slice(0, slash - start)), false));
}

/** Where the text of a string literal lies, without its quotes. */
function literalAt(ts: TypeScript, code: string, position: number) {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  const find = (node: typescript.Node): typescript.StringLiteralLike | undefined => {
    if (ts.isStringLiteralLike(node)) return node;
    return ts.forEachChild(node, (child) =>
      child.getStart(file) < position && position <= child.end ? find(child) : undefined,
    );
  };
  const node = find(file);
  if (!node) return null;
  const start = node.getStart(file) + 1;
  const isClosed = node.end > start && code[node.end - 1] === code[start - 1];
  const end = node.end - (isClosed ? 1 : 0);
  if (position < start || position > end) return null;
  const { parent } = node;
  const isCall = ts.isCallExpression(parent) && parent.arguments[0] === node;
  const isModule =
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isExternalModuleReference(parent) ||
    (ts.isLiteralTypeNode(parent) && ts.isImportTypeNode(parent.parent)) ||
    (isCall &&
      (parent.expression.kind === ts.SyntaxKind.ImportKeyword || parent.expression.getText(file) === "require"));
  return { start, end, isModule };
}

/** Node's modules, the packages that the notebook finds, and what gradamp offers by names of its own. */
function moduleNames(folder: string, typed: string): Candidate[] {
  const builtin = builtinModules.filter((name) => !name.startsWith("_"));
  const packages = new Set<string>();
  const roots = [join(packageRoot(), "node_modules")];
  for (let at = folder; ; at = dirname(at)) {
    roots.push(join(at, "node_modules"));
    if (at === parse(at).root) break;
  }
  for (const root of roots) {
    for (const name of namesIn(root).filter((each) => !each.startsWith("."))) {
      if (!name.startsWith("@")) packages.add(name);
      else if (typed.startsWith("@")) for (const inner of namesIn(join(root, name))) packages.add(`${name}/${inner}`);
      else packages.add(`${name}/`);
    }
  }
  const { exports } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { exports: object };
  const own = Object.keys(exports)
    .filter((path) => !path.endsWith(".json"))
    .map((path) => `gradamp${path.slice(1)}`);
  return [...own, ...builtin.map((name) => `node:${name}`), ...[...packages].sort(), ...builtin]
    .filter((name) => !name.startsWith("@types"))
    .map((name) => [name, "module"]);
}

/** Folders, with a slash behind them, and files; for imports those that can be imported, as they are imported. */
function pathsIn(folder: string, importable: boolean): Candidate[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): Candidate[] => {
    const { name } = entry;
    if (name.startsWith(".") || name === "node_modules") return [];
    if (entry.isDirectory()) return [[`${name}/`, "directory"]];
    if (!importable) return [[name, "file"]];
    return /\.([cm]?[jt]sx?|json)$/.test(name) ? [[name.replace(/(\.d)?\.[jt]sx?$/, ""), "script"]] : [];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Most folders above a notebook have no packages.
    return [];
  }
}
