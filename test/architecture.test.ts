import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const root = join(__dirname, "..", "..");
const source = join(root, "src");

/** The floors, lowest first, as the table of CONTRIBUTING.md tells them: "| 3 | `experiments/`, `runs/` | … |". */
const FLOORS = readFileSync(join(root, "CONTRIBUTING.md"), "utf8")
  .split("\n")
  .flatMap((line) => /^\| \d+ \| (.*?) \|/.exec(line)?.[1] ?? [])
  .map((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => (name === "index.ts" ? "." : name!.replace("/", ""))),
  )
  .reverse();

const floorOf = (folder: string) => FLOORS.findIndex((folders) => folders.includes(folder));
const folderOf = (file: string) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : ".");

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

/** What a file imports, as paths under src/ or package names; imports that only name types leave no trace in a run. */
function importsOf(file: string): { target: string; typeOnly: boolean }[] {
  const text = readFileSync(join(source, file), "utf8");
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: { target: string; typeOnly: boolean }[] = [];
  const add = (specifier: string, typeOnly: boolean) =>
    found.push({ target: specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier, typeOnly });
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(
        (node.moduleSpecifier as ts.StringLiteral).text,
        node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
      );
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add((node.moduleSpecifier as ts.StringLiteral).text, node.isTypeOnly);
    } else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require") &&
      node.arguments[0] !== undefined &&
      ts.isStringLiteral(node.arguments[0])
    ) {
      add(node.arguments[0].text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

test("every folder of src stands on a floor, and every floor is there", () => {
  const strangers = [...new Set(files.map(folderOf))].filter((folder) => floorOf(folder) < 0);
  assert.deepEqual(strangers, []);
  const missing = FLOORS.flat().filter((folder) => !files.some((file) => folderOf(file) === folder));
  assert.deepEqual(missing, []);
});

test("imports run only downward through the floors", () => {
  const upward: string[] = [];
  for (const file of files) {
    const own = folderOf(file);
    for (const { target } of importsOf(file)) {
      if (
        target.startsWith("node:") ||
        !files.some((other) => other === `${target}.ts` || other === `${target}/index.ts`)
      )
        continue;
      const folder = files.includes(`${target}.ts`) ? folderOf(`${target}.ts`) : folderOf(`${target}/index.ts`);
      if (folder !== own && floorOf(folder) >= floorOf(own)) upward.push(`${file} imports ${target}`);
    }
  }
  assert.deepEqual(upward, []);
});

test("only src/tensorflow loads TensorFlow", () => {
  const loaders = files.filter(
    (file) =>
      folderOf(file) !== "tensorflow" &&
      importsOf(file).some(({ target, typeOnly }) => target.startsWith("@tensorflow/") && !typeOnly),
  );
  assert.deepEqual(loaders, []);
});

test("figures and tables know nothing of TensorFlow", () => {
  const guilty = files.filter(
    (file) =>
      ["figures", "tables"].includes(folderOf(file)) &&
      importsOf(file).some(
        ({ target, typeOnly }) => !typeOnly && /^(tensorflow|training|models|datasets|layers)(\/|$)/.test(target),
      ),
  );
  assert.deepEqual(guilty, []);
});
