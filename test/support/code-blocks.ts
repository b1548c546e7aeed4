/** Code that documentation shows, so that tests can type-check and run it as a reader would. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** The repository's root. */
export const ROOT = join(__dirname, "..", "..", "..");

export interface CodeBlock {
  /** File and line where it stands. */
  readonly where: string;
  readonly code: string;
}

const lineOf = (text: string, offset: number) => text.slice(0, offset).split("\n").length;

/** The `@example` blocks of a TypeScript file's comments. */
export function exampleBlocks(file: string): CodeBlock[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) =>
    [...comment[0].matchAll(/@example\b([\s\S]*?)(?=\n\s*\* @\w|\*\/)/g)].map((example) => ({
      where: `${relative(ROOT, file)}:${lineOf(text, comment.index + example.index)}`,
      code: example[1]!
        .split("\n")
        .map((line) => line.replace(/^\s*\*? ?/, ""))
        .join("\n")
        .replace(/^```\w*\n?|```$/gm, "")
        .trim(),
    })),
  );
}

/** The fenced blocks of a Markdown file in one language. */
export function fencedBlocks(file: string, language = "ts"): CodeBlock[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map((block) => ({
    where: `${relative(ROOT, file)}:${lineOf(text, block.index)}`,
    code: block[1]!.trim(),
  }));
}

export interface BlockResult extends CodeBlock {
  /** What the compiler or the run complained of; null where all is well. */
  readonly problem: string | null;
  readonly stdout: string;
}

/**
 * Type-checks each block as a module of its own and runs them in one process, in order; `gradamp` resolves as it does
 * for a user.
 */
export async function runBlocks(name: string, blocks: readonly CodeBlock[]): Promise<BlockResult[]> {
  // Inside the package, where its own name resolves through package.json's exports.
  const folder = join(ROOT, "dist", "blocks", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = blocks.map(({ code }, index) => {
    const file = join(folder, `block-${index}.mts`);
    writeFileSync(file, `${code}\nexport {};\n`);
    return file;
  });
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules", "@types")],
  });
  program.emit();
  const complaints = new Map<string, string[]>();
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const key = diagnostic.file?.fileName ?? "";
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    complaints.set(key, [...(complaints.get(key) ?? []), text]);
  }
  const sound = files.map((file) => !complaints.has(file));
  const runs = await runModules(
    folder,
    files.filter((_, index) => sound[index]).map((file) => file.replace(/\.mts$/, ".mjs")),
  );
  return blocks.map((block, index) => {
    if (!sound[index]) return { ...block, problem: complaints.get(files[index]!)!.join("\n"), stdout: "" };
    return {
      ...block,
      ...(runs.shift() ?? { problem: "it was not run: an example before it ended the process", stdout: "" }),
    };
  });
}

interface ModuleRun {
  readonly problem: string | null;
  readonly stdout: string;
}

/** Runs modules one after another in one process: loading TensorFlow is most of what each alone would take. */
async function runModules(folder: string, files: readonly string[]): Promise<ModuleRun[]> {
  const report = join(folder, "report.json");
  const driver = join(folder, "driver.mjs");
  writeFileSync(
    driver,
    `import { writeFileSync } from "node:fs";
const runs = [];
const write = process.stdout.write.bind(process.stdout);
for (const file of ${JSON.stringify(files)}) {
  let stdout = "";
  process.stdout.write = (text) => ((stdout += text), true);
  let problem = null;
  try {
    await import(file);
  } catch (error) {
    problem = String(error?.stack ?? error);
  }
  process.stdout.write = write;
  runs.push({ problem, stdout });
  writeFileSync(${JSON.stringify(report)}, JSON.stringify(runs));
}
process.exit(0);
`,
  );
  const child = spawn(process.execPath, [driver], { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const runs = existsSync(report) ? (JSON.parse(readFileSync(report, "utf8")) as ModuleRun[]) : [];
  if (code !== 0) runs.push({ problem: `the process ended with ${code}\n${stderr.slice(-2000)}`, stdout: "" });
  return runs;
}
