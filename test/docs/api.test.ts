/** The API reference: that every public name is documented in full, and that docs/api says what the docstrings say. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { root } from "../support/committed-text";

const folder = join(root, "src", "surface");
const sources = (...path: readonly string[]) => join(root, "src", ...path);
/** The page of docs/api that a source file's names stand on. */
const pageOf = new Map([
  ...readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [join(folder, file), basename(file, ".ts")] as const),
  [sources("figures", "index.ts"), "figure"],
  [sources("tables", "index.ts"), "table"],
  [join(folder, "namespaces", "graph.ts"), "tensorflow/namespaces/graph"],
  [sources("statistics", "index.ts"), "experiments/namespaces/statistics"],
  [sources("advanced.ts"), "advanced"],
]);
const entries = [...pageOf.keys()];

/** A parameter, property or method of a public name. */
interface Part {
  readonly name: string;
  readonly text: string;
  /** Whether it may be left out and is neither a callback nor a signal, so that its default has to be told. */
  readonly needsDefault: boolean;
  readonly isDuration: boolean;
}

/** A public name and what its docstring says. */
interface PublicName {
  readonly name: string;
  readonly page: string;
  readonly text: string;
  readonly isFunction: boolean;
  readonly parameters: readonly Part[];
  readonly members: readonly Part[];
  readonly examples: readonly string[];
  readonly throws: readonly string[];
  /** Whether it throws itself, or calls a function that checks or refuses. */
  readonly canThrow: boolean;
  /** Tags and texts that docs/api has to show. */
  readonly shown: readonly string[];
}

const program = ts.createProgram(entries, {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  skipLibCheck: true,
  strict: true,
  types: ["node"],
  noEmit: true,
});
const checker = program.getTypeChecker();
const plain = (parts: ts.SymbolDisplayPart[] | undefined) => ts.displayPartsToString(parts).trim();
const textOf = (symbol: ts.Symbol) => plain(symbol.getDocumentationComment(checker));

function canThrow(declaration: ts.FunctionLikeDeclaration): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    const callee = ts.isCallExpression(node) ? node.expression.getText().split(".").at(-1)! : "";
    found ||= ts.isThrowStatement(node) || /^(check|refuse)[A-Z]/.test(callee);
    ts.forEachChild(node, visit);
  };
  if (declaration.body) visit(declaration.body);
  return found;
}

/** What a docstring says of each parameter: "options", or "options.seed", which says it of a field of an object. */
function parametersOf(declaration: ts.FunctionLikeDeclaration, symbol: ts.Symbol): Part[] {
  const said = symbol
    .getJsDocTags(checker)
    .filter(({ name }) => name === "param")
    .map(({ text }) => plain(text));
  return declaration.parameters.map((parameter, index) => {
    const own = ts.isIdentifier(parameter.name) ? parameter.name.text : null;
    // An object that is taken apart has no name of its own; its place tells which tag is meant.
    const names = [...new Set(said.map((text) => text.split(/[ .]/)[0]!))];
    const name = own ?? names[index] ?? "{ … }";
    const texts = said.filter((text) => text.split(/[ .]/)[0] === name && text.includes(" "));
    return { name, text: texts.join("\n"), needsDefault: false, isDuration: false };
  });
}

const isOptional = (member: ts.ClassElement | ts.TypeElement) =>
  (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) && member.questionToken !== undefined;

function membersOf(declaration: ts.InterfaceDeclaration | ts.ClassDeclaration): Part[] {
  // Plotly's own schema, which Plotly documents.
  if (basename(declaration.getSourceFile().fileName) === "plotly-spec.ts") return [];
  return declaration.members.flatMap((member): Part[] => {
    if (!member.name || !ts.isIdentifier(member.name)) return [];
    const symbol = checker.getSymbolAtLocation(member.name)!;
    const kind = ts.isPropertySignature(member) ? (member.type?.getText() ?? "") : "";
    const isOption = /(Options|Config)$/.test(declaration.name?.text ?? "") && isOptional(member);
    return [
      {
        name: member.name.text,
        text: textOf(symbol),
        needsDefault: isOption && !/=>|^AbortSignal/.test(kind),
        isDuration: kind.startsWith("number") && /(seconds|milliseconds|timeout|interval|patience|memory|bytes)$/i.test(member.name.text), // prettier-ignore
      },
    ];
  });
}

function publicName(exported: ts.Symbol, page: string, seen: Set<ts.Symbol>): PublicName[] {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const [declaration] = symbol.declarations ?? [];
  // tfjs's own, and namespaces, whose names are documented one by one.
  if (!declaration || ts.isSourceFile(declaration) || /node_modules/.test(declaration.getSourceFile().fileName)) return []; // prettier-ignore
  if (seen.has(symbol) || symbol.getJsDocTags(checker).some(({ name }) => name === "internal")) return [];
  seen.add(symbol);
  const functions = symbol.declarations!.filter(ts.isFunctionDeclaration);
  const owners = symbol.declarations!.filter((each) => ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each));
  const constructors = owners.flatMap(({ members }) => [...members].filter(ts.isConstructorDeclaration));
  const tags = symbol.getJsDocTags(checker);
  const tagged = (wanted: string) => tags.filter(({ name }) => name === wanted).map(({ text }) => plain(text));
  const members = owners.flatMap(membersOf);
  const parameters = [
    ...functions.slice(-1).flatMap((each) => parametersOf(each, symbol)),
    ...constructors.flatMap((each) => parametersOf(each, (each as unknown as { symbol: ts.Symbol }).symbol)),
  ];
  return [
    {
      name: exported.name,
      page,
      text: textOf(symbol),
      isFunction: functions.length > 0,
      parameters,
      members,
      examples: tagged("example"),
      throws: tagged("throws"),
      canThrow: functions.some(canThrow),
      shown: [
        ...textOf(symbol).split("\n\n"),
        ...members.map(({ text }) => text),
        ...tags.filter(({ name }) => ["throws", "returns"].includes(name)).map(({ text }) => plain(text).replace(/^\{(.*?)\}/, "$1")), // prettier-ignore
        ...parameters.flatMap(({ text }) => text.split("\n").map((line) => line.replace(/^\S+\s+/, ""))),
      ],
    },
  ];
}

const seen = new Set<ts.Symbol>();
const names = entries.flatMap((entry) => {
  const file = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
  return checker.getExportsOfModule(file).flatMap((each) => publicName(each, pageOf.get(entry)!, seen));
});
const list = (of: readonly PublicName[], what: (each: PublicName) => readonly string[]): string[] =>
  of.flatMap((each) => what(each).map((found) => `${each.page}: ${each.name}${found}`));

test("every public name, every field and every parameter is described", () => {
  assert.ok(names.length > 250, `${names.length} names`);
  assert.deepEqual(
    list(names, ({ text }) => (text === "" ? [""] : [])),
    [],
  );
  assert.deepEqual(
    list(names, ({ members }) => members.filter(({ text }) => text === "").map(({ name }) => `.${name}`)),
    [],
  );
  assert.ok(names.flatMap(({ parameters }) => parameters).length > 150);
  assert.deepEqual(
    list(names, ({ parameters }) => parameters.filter(({ text }) => text === "").map(({ name }) => `(${name})`)),
    [],
  );
});

test("an option that may be left out tells its default, and a duration or an amount of memory its unit", () => {
  const optional = names.flatMap(({ members }) => members.filter(({ needsDefault }) => needsDefault));
  assert.ok(optional.length > 80, `${optional.length} options`);
  assert.deepEqual(
    list(names, ({ members }) =>
      members.filter((each) => each.needsDefault && !/Default:\s/.test(each.text)).map(({ name }) => `.${name}`),
    ),
    [],
  );
  const measured = names.flatMap(({ members }) => members.filter(({ isDuration }) => isDuration));
  assert.ok(measured.length > 8, `${measured.length} durations`);
  const unit = /second|bytes|GiB|until|since|mean over/i;
  assert.deepEqual(
    list(names, ({ members }) =>
      members
        .filter(
          ({ name, isDuration, text }) =>
            isDuration && !unit.test(`${text} ${/seconds|bytes/i.test(name) ? name : ""}`),
        ) // prettier-ignore
        .map(({ name }) => `.${name}`),
    ),
    [],
  );
});

test("a function that checks what it is given says what it throws", () => {
  assert.ok(names.filter(({ canThrow: can }) => can).length > 20);
  assert.deepEqual(
    list(names, (each) => (each.canThrow && each.throws.length === 0 ? [""] : [])),
    [],
  );
});

test("every function of `ga` has an example, which another test runs", () => {
  const surface = names.filter(({ page }) => page !== "advanced");
  assert.ok(surface.filter(({ isFunction }) => isFunction).length > 60);
  assert.deepEqual(
    list(surface, ({ isFunction, examples }) => (isFunction && examples.length === 0 ? [""] : [])),
    [],
  );
});

/** What is an equation, an algorithm, a network or a protocol of somebody's, and says whose. */
const FROM_LITERATURE = [
  ...["amplify", "group", "selectLayers", "stages", "strategy", "intelligentStages", "parseStages"],
  ...["directionality", "selectByDirectionality", "normaliseRatios"],
  ...["vgg08", "vgg38", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101", "torchUniform"],
  ...["sgd", "adam", "adamw", "rmsprop", "lion"],
  ...["protocol", "trials", "published"],
];

test("what comes from a paper or from another library names it", () => {
  const known = new Map(names.map((each) => [each.name, each]));
  const source = /Source:|et al\.|\b(19|20)\d\d\b|PyTorch|Keras/;
  assert.deepEqual(
    FROM_LITERATURE.filter((name) => !source.test(known.get(name)?.text ?? "")),
    [],
  );
});

/** Text as it is read: without Markdown's escapes, links and marks, in one line. */
const read = (text: string) =>
  text
    .replace(/\{@link (\S+?)(?: [^}]*)?\}/g, "$1")
    .replace(/<a id="[^"]*"><\/a>/g, "")
    .replace(/\[([^\][]*)\]\([^)\s]*\)/g, "$1")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/[\\`*_]|<br ?\/?>/g, "")
    .replace(/\s+/g, "")
    .replace(/[-–]/g, "-");

test("docs/api has a page for each group, and says what the docstrings say: `npm run api` writes it", () => {
  const pages = new Map<string, string>();
  const base = join(root, "docs", "api");
  for (const { page } of names) {
    const path = [join(base, `${page}.md`), join(base, page, "README.md")].find((each) => existsSync(each));
    assert.ok(path, `docs/api has no page ${page}: run npm run api`);
    pages.set(page, readFileSync(path, "utf8"));
  }
  const everything = read(
    readdirSync(base, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .map((file) => readFileSync(join(base, file), "utf8"))
      .join("\n"),
  );
  assert.deepEqual(
    list(names, ({ name, page }) => {
      const heading = new RegExp(`^###? .*\\b${name}\\b`, "m");
      return heading.test(pages.get(page)!.replaceAll("\\_", "_")) ? [] : [""];
    }),
    [],
  );
  const old = list(names, ({ shown }) =>
    shown.filter((text) => !everything.includes(read(text))).map((text) => `: ${text.slice(0, 80)}`),
  );
  assert.deepEqual(old, [], "docs/api is not current: run npm run api");
  assert.ok(!everything.includes(read("a sentence that no docstring has")));
});
