import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { root } from "../support/committed-text";

/** A public name: what its comment says, and whether it is a function. */
interface PublicName {
  readonly name: string;
  readonly page: string;
  readonly described: boolean;
  readonly example: boolean;
  readonly isFunction: boolean;
}

const folder = join(root, "src", "surface");
const entries = readdirSync(folder).map((file) => join(folder, file));

function publicNames(): PublicName[] {
  const options = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    types: ["node"],
    noEmit: true,
  };
  const program = ts.createProgram(entries, options);
  const checker = program.getTypeChecker();
  return entries.flatMap((entry) => {
    const file = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    return checker.getExportsOfModule(file).flatMap((exported): PublicName[] => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const [declaration] = symbol.declarations ?? [];
      // tfjs's own, and namespaces, whose names are documented one by one.
      if (!declaration || ts.isSourceFile(declaration) || /node_modules/.test(declaration.getSourceFile().fileName)) return []; // prettier-ignore
      return [
        {
          name: exported.name,
          page: entry.slice(folder.length + 1, -".ts".length),
          described: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() !== "",
          example: symbol.getJsDocTags(checker).some(({ name }) => name === "example"),
          isFunction: (symbol.flags & ts.SymbolFlags.Function) !== 0,
        },
      ];
    });
  });
}

const names = publicNames();

/** Draws by a browser or a program that not every machine has, so its example could not run everywhere. */
const WITHOUT_EXAMPLE = ["exportStatic"];

test("every public name is described, and every function has an example, which another test runs", () => {
  assert.ok(names.length > 100, `${names.length} names`);
  assert.deepEqual(
    names.filter(({ described }) => !described).map(({ name }) => name),
    [],
  );
  assert.deepEqual(
    names.filter(({ isFunction, example }) => isFunction && !example).map(({ name }) => name),
    WITHOUT_EXAMPLE,
  );
});

test("docs/api has a page for each group, with all of its names: `npm run api` writes it", () => {
  const pages = new Map<string, string>();
  const pageOf = (page: string) => {
    const base = join(root, "docs", "api");
    const path = [join(base, `${page}.md`), join(base, page, "README.md")].find((each) => {
      try {
        return readFileSync(each) !== null;
      } catch {
        return false;
      }
    });
    assert.ok(path, `docs/api has no page ${page}: run npm run api`);
    return readFileSync(path, "utf8");
  };
  for (const { page } of names) if (!pages.has(page)) pages.set(page, pageOf(page));
  const missing = names.filter(({ name, page }) => !new RegExp(`^###? .*\\b${name}\\b`, "m").test(pages.get(page)!));
  assert.deepEqual(
    missing.map(({ name, page }) => `${page}: ${name}`),
    [],
  );
});
