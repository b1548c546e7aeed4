import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type typescript from "typescript";

import type { CodeBlock } from "./code-blocks";
import { root } from "./committed-text";

/** What became of a block. */
export interface BlockResult {
  block: CodeBlock;
  /** `docs/recipes.md:12` */
  name: string;
  /** Type errors, at their lines in the block's file. */
  typeErrors: string[];
  /** What it threw when it ran, or null. */
  error: string | null;
  /** What it wrote to standard output. */
  output: string;
}

export interface RunBlocksOptions {
  /** Names the folder beneath dist/ where they are compiled: one for each test file. */
  name: string;
  /** The folder they run in. Default: one that is theirs and empty. */
  cwd?: string;
  /** Milliseconds for all of them together. Default: 10 minutes. */
  timeout?: number;
}

/**
 * Type-checks blocks against the built package and runs them, each as an ES module of its own that finds `gradamp` by its
 * name, one after the other in one child process: TensorFlow is loaded once.
 */
export function runCodeBlocks(blocks: readonly CodeBlock[], options: RunBlocksOptions): BlockResult[] {
  // Inside the package, so that `gradamp` is the package itself, for TypeScript and for Node.
  const folder = join(root, "dist", "code-blocks", options.name);
  rmSync(folder, { recursive: true, force: true });
  const cwd = options.cwd ?? join(folder, "cwd");
  for (const path of [folder, cwd]) mkdirSync(path, { recursive: true });
  const results = blocks.map((block): BlockResult => {
    const name = `${block.file}:${block.line}`;
    return { block, name, typeErrors: [], error: null, output: "" };
  });
  const files = results.map(({ block }, i) => {
    const path = join(folder, `block-${String(i).padStart(3, "0")}.mts`);
    // Empty lines in front, so that a type error has its line in the document. An empty export makes it a module.
    writeFileSync(path, `${"\n".repeat(block.line - 1)}${block.code}\nexport {};\n`);
    return path;
  });
  compile(files).forEach((errors, i) => results[i]?.typeErrors.push(...errors));

  const runnable = results.flatMap((result, i) =>
    result.block.run && result.typeErrors.length === 0
      ? [{ result, script: (files[i] ?? "").replace(/\.mts$/, ".mjs") }]
      : [],
  );
  if (runnable.length === 0) return results;
  const report = join(folder, "report.jsonl");
  const runner = join(folder, "run.mjs");
  writeFileSync(
    runner,
    runnerCode(
      runnable.map(({ script }) => script),
      report,
    ),
  );
  writeFileSync(report, "");
  const child = spawnSync(process.execPath, [runner], { cwd, encoding: "utf8", timeout: options.timeout ?? 600_000 });
  const lines = readFileSync(report, "utf8").trim().split("\n");
  runnable.forEach(({ result }, i) => {
    const line = lines[i];
    const told = line ? (JSON.parse(line) as { error: string | null; output: string }) : null;
    result.output = told?.output ?? "";
    result.error = told ? told.error : `did not come to its end: ${child.stderr.slice(-2000)}`;
  });
  return results;
}

function runnerCode(scripts: readonly string[], report: string): string {
  return `import { appendFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
for (const script of ${JSON.stringify(scripts)}) {
  let output = "";
  process.stdout.write = (text) => { output += String(text); return true; };
  let error = null;
  try { await import(pathToFileURL(script)); } catch (thrown) { error = String(thrown?.stack ?? thrown); }
  appendFileSync(${JSON.stringify(report)}, JSON.stringify({ error, output }) + "\\n");
}
process.exit(0);
`;
}

/** Compiles files in place; the errors of each. */
function compile(files: readonly string[]): string[][] {
  const ts = require("typescript") as typeof typescript;
  const program = ts.createProgram([...files], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
  });
  program.emit();
  return files.map((file) => {
    const source = program.getSourceFile(file);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return diagnostics.map((diagnostic) => {
      const at = source?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      return `line ${(at?.line ?? 0) + 1}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
    });
  });
}
