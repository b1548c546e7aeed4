/** The words and forms of names, comments and docs that CONTRIBUTING.md lays down, held where a program can hold them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { root } from "./support/committed-text";

const under = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name) && !name.includes("node_modules"))
    .map((name) => `${folder}/${name}`);

const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

const sources = under("src", /\.(ts|cc|h)$/);
const pages = [
  ...readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`), // prettier-ignore
  ...["README.md", "CONTRIBUTING.md"],
  ...under("notebooks", /\.ipynb$/),
];

interface Comment {
  readonly file: string;
  readonly line: number;
  /** Its lines without stars and slashes, up to the first `@example`, which is code. */
  readonly lines: readonly string[];
}

/** The comments of a TypeScript file; what looks like one in a string is none. */
function commentsOf(file: string, text = textOf(file)): Comment[] {
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found = new Map<number, Comment>();
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(seen.has(node.pos) ? [] : (ts.getLeadingCommentRanges(text, node.pos) ?? [])),
      ...(seen.has(node.end) ? [] : (ts.getTrailingCommentRanges(text, node.end) ?? [])),
    ];
    for (const { pos, end } of ranges) {
      const lines = text
        .slice(pos, end)
        .split("\n")
        .map((line) => line.replace(/^\s*(\/\*\*?|\*\/|\*|\/\/) ?/, "").replace(/\s*\*\/$/, ""));
      const example = lines.findIndex((line) => line.startsWith("@example"));
      const line = text.slice(0, pos).split("\n").length;
      found.set(pos, { file, line, lines: example < 0 ? lines : lines.slice(0, example) });
    }
    seen.add(node.pos);
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return [...found.values()];
}

const comments = sources.filter((file) => file.endsWith(".ts")).flatMap((file) => commentsOf(file));

/** The texts of a comment's tags of one name, continued lines joined. */
function tagsOf({ lines }: Comment, name: string): string[] {
  const tags: string[] = [];
  let within = false;
  for (const line of lines) {
    if (line.startsWith("@")) {
      within = line.startsWith(`@${name} `) || line === `@${name}`;
      if (within) tags.push(line.slice(name.length + 2));
    } else if (line.trim() === "") within = false;
    else if (within) tags.push(`${tags.pop()} ${line.trim()}`);
  }
  return tags;
}

const complaints = (of: readonly Comment[], find: (comment: Comment) => readonly string[]): string[] =>
  of.flatMap((comment) => find(comment).map((what) => `${comment.file}:${comment.line} ${what}`));

/** `{RangeError} if a size is not positive`, without a full stop. */
const THROWS = /^\{[A-Z]\w*( \| [A-Z]\w*)*\} (if|for|unless|while) .*[^.]$/;

const wrongThrows = (comment: Comment) => tagsOf(comment, "throws").filter((text) => !THROWS.test(text));

/** A default is the sentence "Default: 0." and nothing else. */
const wrongDefaults = ({ lines }: Comment) => {
  const text = lines.join(" ");
  const said = /\((the )?default\)|\bdefaults to\b|[;,] [^.;,]{1,40} by default[.;]|[;,] [^.;,]{1,40} by default$/g;
  return [...(text.match(said) ?? []), ...(text.match(/\bDefault(?!:| of `\w+`:).{0,20}/g) ?? [])];
};

/** One space between sentences. */
const wrongSpaces = ({ lines }: Comment) => lines.filter((line) => !line.includes("|") && /[.:?!)`] {2,}[A-Z`("]/.test(line)); // prettier-ignore

test("a `@throws` says the type in braces and then the condition", () => {
  assert.ok(comments.flatMap((comment) => tagsOf(comment, "throws")).length > 200);
  assert.deepEqual(complaints(comments, wrongThrows), []);
});

test("a default is told in one form: Default: 0", () => {
  assert.ok(comments.filter(({ lines }) => lines.join(" ").includes("Default: ")).length > 150);
  assert.deepEqual(complaints(comments, wrongDefaults), []);
});

test("one space stands between sentences", () => {
  assert.deepEqual(complaints(comments, wrongSpaces), []);
});

test("each of these forms is found where it is broken", () => {
  const broken = (text: string) => commentsOf("a.ts", `/**\n * ${text}\n */\nexport const a = 1;`);
  const found = (find: (comment: Comment) => readonly string[], text: string) => broken(text).flatMap(find).length > 0;
  for (const text of [
    "@throws RangeError if x",
    "@throws {RangeError} where x",
    "@throws {RangeError}",
    "@throws {TypeError} if x.",
  ])
    // prettier-ignore
    assert.ok(found(wrongThrows, text), text);
  assert.ok(!found(wrongThrows, "@throws {TypeError | RangeError} if the model\n *   is none"));
  for (const text of ["The size; 3 by default.", "Default 3.", "`a` (default) or `b`", "The seed, 0 by default."])
    assert.ok(found(wrongDefaults, text), text);
  assert.ok(!found(wrongDefaults, "The size. Default: 3."));
  assert.ok(found(wrongSpaces, "One.  Two."));
});

/** Words that meant something here only, the field's own that stand in their place, and where it holds if not everywhere. */
const PRIVATE: readonly { readonly word: RegExp; readonly instead: string; readonly within?: RegExp }[] = [
  { word: /watchm[ae]n/i, instead: "watchdog" },
  { word: /machine-?_? ?room/i, instead: "resources" },
  {
    word: /(measured|step|epoch)-? ?stretch|\bstretch(es)?\b/i,
    instead: "step range",
    within: /train|sweep|gradients|graph/,
  },
  // Also the name of a network's first layers, and of a folder that older sweeps have.
  { word: /\bstem(Id|s)?\b(?!["/])/i, instead: "shared prefix", within: /sweep/ },
  { word: /GradampPatches|\b(has|hasOwn|register|infer|by)Patches\b|patch-products/i, instead: "im2col" },
  { word: /\bclass Programs\b|\bnew Programs\b/, instead: "program cache" },
  { word: /job-?_? ?book/i, instead: "job records" },
  { word: /TrainingKeeper|runs\/keeping/, instead: "recorder, recording" },
  { word: /\b(can|cannot|could|could not|may|to) be had\b/, instead: "is available, is known, can be made" },
  { word: /asks back|ends us\b|nobody needs|lesser news|what chance alone/i, instead: "a plain sentence" },
];

const privateWords = (file: string, text: string): string[] =>
  `${file}\n${text}`
    .split("\n")
    .flatMap((line, at) =>
      PRIVATE.filter(({ word, within }) => (within?.test(file) ?? true) && word.test(line)).map(
        ({ instead }) => `${file}:${at} ${line.trim().slice(0, 100)} → ${instead}`,
      ),
    );

test("names, comments and pages use the field's words", () => {
  assert.deepEqual(
    [...sources, ...pages].flatMap((file) => privateWords(file, textOf(file))),
    [],
  );
  const some = ["new Programs()", "// the watchman", "a stem that ends", "import './machine-room'", "it cannot be had"];
  for (const text of some) assert.equal(privateWords("src/sweeps/a.ts", text).length, 1, text);
});
