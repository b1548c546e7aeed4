import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Session } from "./session";

describe("cells", () => {
  let session: Session;
  before(async () => (session = await Session.start()));
  after(() => session.close());

  test("declare names again, with other types too", async () => {
    await session.run("const x = 1; class A { a = 1 } function f() { return 1; }");
    await session.run("const x = 'one'; class A { b = 2 } function f() { return 'f'; }");
    assert.equal((await session.run("[x, new A().b, f()]")).result, "[ 'one', 2, 'f' ]");
  });

  test("take variables of earlier cells into objects by their names alone", async () => {
    await session.run("const k = 1; let m = 2; const scale: 'a' | 'b' = 'a';");
    assert.equal(
      (await session.run("[{ k, m }, [3].map((n) => ({ n, k }))]")).result,
      "[ { k: 1, m: 2 }, [ { n: 3, k: 1 } ] ]",
    );
    assert.equal(
      (
        await session.run(
          "const own = 4; const given = ((o: { scale: string; own: number }) => o)({ scale, own }); given",
        )
      ).result,
      "{ scale: 'a', own: 4 }",
    );
    await session.run("({ m } = { m: 5 });");
    assert.equal((await session.run("m")).result, "5");
    await session.run("const none: { m?: number } = {}; ({ m = k } = none);");
    assert.equal((await session.run("m")).result, "1");
    await session.run('import * as path from "node:path";');
    assert.equal((await session.run("typeof { path }.path.join")).result, "function");
  });

  test("assign variables of earlier cells, and their functions see it", async () => {
    await session.run(
      "let lr = 0.1; const train = () => lr; let counter = 0; function inc() { counter++; } const held = { get lr() { return lr; } }; class Uses { lr() { return lr; } }",
    );
    assert.equal(
      (await session.run("lr = 0.001; [train(), held.lr, new Uses().lr()]")).result,
      "[ 0.001, 0.001, 0.001 ]",
    );
    assert.equal((await session.run("counter = 10; inc(); counter")).result, "11");
    assert.equal(
      (await session.run("[lr, counter] = [counter, lr]; lr *= 2; [train(), counter]")).result,
      "[ 22, 0.001 ]",
    );
    await session.run(
      "function step(x: number) { return x + 1; } function twiceStep(x: number) { return step(step(x)); }",
    );
    await session.run("let scaled = lr; const read = () => scaled + lr;");
    assert.equal((await session.run("scaled = 1; lr = 4; read()")).result, "5", "in cells that use earlier ones too");
    await session.run("function step(x: number) { return x + 100; }");
    assert.equal((await session.run("twiceStep(1)")).result, "201");
    await session.run("const told = { a: 1, rest: [2, 3] }; const { a: renamed, rest: [head] } = told;");
    assert.equal((await session.run("const { a: again } = told; [renamed, head, again]")).result, "[ 1, 2, 1 ]");
    // A binding by the name under which variables are shared hides nothing.
    assert.equal((await session.run("let own = 1; const f = (exports: number) => exports + own; f(2)")).result, "3");
  });

  test("read an imported variable where it is, each time", async () => {
    writeFileSync(
      join(session.folder, "counts.ts"),
      "export let count = 0; export const bump = () => ++count; export default bump;",
    );
    await session.run('import { bump, count as counted } from "./counts"; export { count } from "./counts";');
    assert.equal((await session.run("bump(); bump(); [counted, count]")).result, "[ 2, 2 ]");
    await session.run("const told = () => counted;");
    assert.equal((await session.run("bump(); [told(), { counted }.counted]")).result, "[ 3, 3 ]");
    await session.run("let counted = 'own';");
    assert.equal((await session.run("bump(); [told(), counted, count]")).result, "[ 'own', 'own', 4 ]");
  });

  test("keep variables live beside whatever is called exports", async () => {
    await session.run(
      "let rate = 1; const rateNow = () => rate; function umd(exports: any) { exports.rate = 5; return exports; } umd({});",
    );
    assert.equal((await session.run("rate = 2; rateNow()")).result, "2");
    const cases: [string, string][] = [
      ["((exports: number) => exports + rate)(1)", "3"],
      ["(({ exports, ...rest }: any) => [exports, rest, rate, { exports }])({ exports: 1, a: 2 })", "[ 1, { a: 2 }, 2, { exports: 1 } ]"], // prettier-ignore
      ["{ const exports = 7; rate += exports; } rate", "9"],
      [
        "(() => { function exports() { return rate; } class C { exports = exports(); } return new C().exports; })()",
        "9",
      ],
      ["[[]].map(([exports = rate]: any) => exports)[0]", "9"],
      ["const held = { exports: 3, get() { return this.exports; } }; held.get() + rate", "12"],
    ];
    for (const [code, expected] of cases) {
      const { result, error } = await session.run(code);
      assert.deepEqual([result, error?.evalue], [expected, undefined], code);
    }
    for (const code of [
      "const exports = 5;",
      "class exports {}",
      "function exports() {}",
      "import exports from 'node:path';",
    ])
      assert.match((await session.run(code)).error?.evalue ?? "", /^Expected another name than exports/, code);
    assert.equal((await session.run("rateNow()")).result, "9");
  });

  test("go on from an earlier value where a var is computed from its own name", async () => {
    await session.run("var n = 1, list: number[] = [];");
    assert.equal((await session.run("var n = n + 1; n")).result, "2");
    assert.equal(
      (await session.run("var list = list || [], { m = n } = { m: n }; list.push(n); list")).result,
      "[ 2 ]",
    );
    assert.equal((await session.run("var n: number; n")).result, null, "declared anew without a value it has none");
    assert.equal((await session.run("var fresh = fresh ?? 4; fresh")).result, "4");
    assert.match((await session.run("let fresh = fresh + 1;")).error?.evalue ?? "", /used before its declaration/);
  });

  test("take names of namespaces, and what is added to types that are declared elsewhere", async () => {
    const cases: [string, string | null][] = [
      ["namespace N { export namespace In { export const z = 5; export type T = number } export interface I { a: T } type T = 1 }", null],
      ["import In = N.In; import I = N.I; In.z", "5"],
      ["const typed: In.T = In.z; const i: I = { a: 1 }; [typed, i]", "[ 5, { a: 1 } ]"],
      ["export import Again = N.In; Again.z", "5"],
      ["namespace Own { export const q = 1 } import q = Own.q; q", "1"],
      ["[q, Again.z]", "[ 1, 5 ]"],
      ["declare global { interface Array<T> { second(): T } var shared: number }\nArray.prototype.second = function () { return this[1]; }; globalThis.shared = 3; Array.isArray([])", "true"],
      ["[[1, 2].second(), shared, Array.from([1])]", "[ 2, 3, [ 1 ] ]"],
      ["declare global { interface Array<T> { second(): T | null; third(): T } var shared: string }\nglobalThis.shared = 'a'; 1", "1"],
      ["Array.prototype.third = function () { return this[2]; }; [[1, 2].second(), [1, 2, 3].third(), shared.toUpperCase()]", "[ 2, 3, 'A' ]"],
    ]; // prettier-ignore
    for (const [code, expected] of cases) {
      const { result, error } = await session.run(code);
      assert.deepEqual([result, error?.evalue], [expected, undefined], code);
    }
    writeFileSync(join(session.folder, "shape.ts"), "export interface Shape { a: number }");
    const adds = () =>
      session.run('import type { Shape } from "./shape"; declare module "./shape" { interface Shape { b?: string } }');
    // A file that comes is told by the file system, in its own time.
    let failed = (await adds()).error;
    for (let tries = 0; tries < 50 && failed; tries++) failed = (await adds()).error;
    assert.equal(failed, null);
    assert.equal(
      (await session.run('import type { Shape } from "./shape"; const s: Shape = { a: 1, b: "x" }; s.b')).result,
      "x",
    );
  });

  test("declare what has a type that TypeScript cannot write down", async () => {
    const cases: [string, string | null][] = [
      ["class Base {} const Mixin = <T extends new (...a: any[]) => {}>(B: T) => class extends B { private z = 1; zz() { return this.z; } };", null],
      ["class Mixed extends Mixin(Base) { own = 2 } new Mixed().zz()", "1"],
      ["[new Mixed().own, new Mixed().zz()]", "[ 2, 1 ]"],
      ["class Direct extends (class { private p = 1; out() { return this.p; } }) { more = 3 } new Direct().out()", "1"],
      ["new Direct().more", "3"],
      ["const x = new (class Foo { #p = 1; q = 2; get() { return this.#p; } })(); x.q", "2"],
      ["x.get()", "1"],
      ["function make() { class L { private p = 1; out() { return this.p; } } return new L(); } const made = make(); made.out()", "1"],
      ["async function later() { return new (class { protected p = 1; n = 4 })(); }\nfunction* each() { yield new (class { private p = 1; n = 5 })(); }", null],
      ["[(await later()).n, [...each()][0].n, made.out()]", "[ 4, 5, 1 ]"],
      ["const { a: [one] } = { a: [new (class { private p = 1; n = 6 })()] }; one.n", "6"],
      ["one.n", "6"],
    ]; // prettier-ignore
    for (const [code, expected] of cases) {
      const { result, error } = await session.run(code);
      assert.deepEqual([result, error?.evalue], [expected, undefined], code);
    }
  });

  test("take what a module may say: export, import.meta, attributes, whole file names, what Node has had since", async () => {
    writeFileSync(join(session.folder, "conf.json"), '{ "a": 1 }');
    writeFileSync(join(session.folder, "helper.ts"), "export const treble = (x: number) => 3 * x;");
    const cases: [string, string | null][] = [
      ['const fs = await import("node:fs"); typeof fs.readFileSync', "function"],
      ['const http = await import("node:http"), util = await import("node:util");', null],
      ["typeof http.createServer + typeof util.inspect", "functionfunction"],
      ["export const answer = 42; export async function later() { return 1; } export class K { x = 1 }", null],
      [
        "export interface I { a: number } const i: I = { a: await later() }; [i, answer, new K().x]",
        "[ { a: 1 }, 42, 1 ]",
      ],
      ["export default answer + 1", "43"],
      ['export { join } from "node:path"; export * as posix from "node:path/posix";', null],
      ["typeof join + typeof posix.join", "functionfunction"],
      ['import conf from "./conf.json" with { type: "json" }; conf.a', "1"],
      ['import { treble } from "./helper.ts"; treble(2)', "6"],
      ['(await import("./helper.ts")).treble(3)', "9"],
      ["[[3, 1].toSorted(), new Float32Array([1]).with(0, 2)[0], Array.from([1])]", "[ [ 1, 3 ], 2, [ 1 ] ]"],
      ["__dirname === process.cwd() && __filename.startsWith(__dirname)", "true"],
      ['import.meta.url.startsWith("file://") && import.meta.dirname === __dirname', "true"],
    ];
    for (const [code, expected] of cases) {
      const { result, error } = await session.run(code);
      assert.deepEqual([result, error?.evalue], [expected, undefined], code);
    }
  });

  test("are TypeScript of today: using, decorators, accessors, every await, JSX refused with a word", async () => {
    const cases: [code: string, expected: string | RegExp | null][] = [
      [
        "const log: string[] = []; const open = (n: string) => ({ n, [Symbol.dispose]: () => void log.push(n) });",
        null,
      ],
      ["{ using a = open('a'); using b = open('b'); log.push('in'); }\nlog.join()", "in,b,a"],
      ["using top = open('top'); top.n", "top"],
      ["await using late = { async [Symbol.asyncDispose]() { log.push('late'); } }; log.length", "4"],
      ["log.slice(3).join()", "top,late"],
      [
        "const twice = (f: (n: number) => number, _: ClassMethodDecoratorContext) => (n: number) => 2 * f(n);\nclass D { @twice m(n: number) { return n + 1; } accessor v = 3; }\n[new D().m(1), new D().v]",
        "[ 4, 3 ]",
      ],
      ["let sum = 0; for await (const v of [Promise.resolve(1), 2]) sum += v; sum // the end", "3"],
      ["if (await Promise.resolve(true)) sum = 7; [await sum, `${await 1}`]", "[ 7, '1' ]"],
      ["const same = <const T,>(x: T): T => x; const pair = same(['a', 'b']);", null],
      ["pair[0] satisfies 'a'", "a"],
      ["/[\\p{L}--[a-z]]/v.test('a')", "false"],
      ["const el = <div>hello</div>;", /^Cells hold no JSX: /],
      ["const open_ = 1 /* no end", /^'\*\/' expected/],
    ];
    for (const [code, expected] of cases) {
      const { result, error } = await session.run(code);
      if (expected instanceof RegExp) assert.match(error?.evalue ?? "", expected, code);
      else assert.deepEqual([result, error?.evalue], [expected, undefined], code);
    }
  });

  test("share a var of a block or loop, as a variable of all cells", async () => {
    await session.run(
      "for (var i = 0, end = 3; i < end; i++) { var last = i * 2; var { q, z: [w = 5] = [], ...rest } = { q: i, more: 1 }; }",
    );
    assert.equal((await session.run("[i, end, last, q, w, rest]")).result, "[ 3, 3, 4, 2, 5, { more: 1 } ]");
    await session.run("for (var key in { a: 1 }) ; for (var [first] of [[7]]) { if (true) { var none: number } }");
    assert.equal((await session.run("[key, first, none]")).result, "[ 'a', 7, undefined ]");
    await session.run("try { var tried = 1; } finally { } function read() { return tried; }");
    assert.equal((await session.run("tried = 20; read()")).result, "20");
    assert.equal((await session.run("const f = () => { for (var inner = 1; ; ) return inner; }; f()")).result, "1");
    assert.match((await session.run("inner")).error?.evalue ?? "", /Cannot find name 'inner'/);
  });

  test("name the column of an error as it was written", async () => {
    const place = async (code: string) => / Cell \[\d+\]:(\d+:\d+)/.exec((await session.run(code)).error?.traceback ?? "")?.[1]; // prettier-ignore
    assert.equal(await place("const fine = 1;\n   throw new Error('x');"), "2:10");
    const typed = (await session.run("\n  const wrong: number = 'a';")).error?.traceback ?? "";
    assert.match(typed, /Cell \[\d+\]:2:9/);
  });

  test("keep the types of parameters that are given from outside, and refuse values of another kind", async () => {
    await session.run(
      "const mode: 'a' | 'b' = 'a'; let rate: number = 0.1; const name = 'x'; let widths: number[] = [1]; const takes = (m: 'a' | 'b', n: 'x' | 'y') => m + n;",
    );
    const given =
      '/** @parameters */\n// Parameters\nlet mode = "b";\nlet rate = 1;\nlet name = "y";\nlet widths = [2, 3];\n';
    assert.equal((await session.run(given)).error, null);
    assert.equal((await session.run("rate *= 2; [takes(mode, name), rate, widths]")).result, "[ 'by', 2, [ 2, 3 ] ]");
    const { error } = await session.run('/** @parameters */\nlet mode = "c";');
    assert.match(error?.evalue ?? "", /^Type '"c"' is not assignable to type '"a" \| "b"'/);
    assert.match((await session.run('/** @parameters */\nlet widths = ["1"];')).error?.evalue ?? "", /not assignable/);
    assert.equal((await session.run("/** @parameters */\nlet added = { a: [1] }; added.a")).result, "[ 1 ]");
  });

  test("find a gradamp that is a symbolic link, and files above the notebook", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gradamp-linked-"));
    mkdirSync(join(folder, "notebooks", "node_modules"), { recursive: true });
    symlinkSync(join(__dirname, "..", "..", ".."), join(folder, "notebooks", "node_modules", "gradamp"));
    writeFileSync(join(folder, "above.ts"), "export const above = (n: number) => n + 1;");
    const linked = await Session.start(join(folder, "notebooks"));
    try {
      const { error } = await linked.run(
        'import * as ga from "gradamp"; const t = ga.published("ga"); const { tf } = ga;',
      );
      assert.equal(error, null);
      assert.equal((await linked.run("t.numRows() > 0 && tf.scalar(1).size")).result, "1");
      assert.equal((await linked.run('import { above } from "../above"; above(1)')).result, "2");
    } finally {
      await linked.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("show things by tslab's own functions", async () => {
    const { messages } = await session.run('import * as tslab from "tslab"; tslab.display.html("<b>hi</b>");');
    const shown = messages.find(({ type }) => type === "display_data");
    assert.deepEqual(shown?.content.data, { "text/html": "<b>hi</b>" });
    const { messages: replaced } = await session.run(
      'const slot = tslab.newDisplay(); slot.text("a"); slot.text("b");',
    );
    assert.deepEqual(
      replaced.filter(({ type }) => type.endsWith("display_data")).map(({ type }) => type),
      ["display_data", "update_display_data"],
    );
  });

  test("know after a failure what was assigned before it, and nothing else", async () => {
    const { status } = await session.run(
      "const before = 1; type T = string;\nthrow new Error('no');\nconst behind = 2;",
    );
    assert.equal(status, "error");
    assert.equal((await session.run("const t: T = 'a'; [before, t]")).result, "[ 1, 'a' ]");
    assert.match((await session.run("behind")).error?.evalue ?? "", /Cannot find name 'behind'/);
  });

  test("import .ts and .js files beside the notebook, and see changes, those of what they import too", async () => {
    const write = (name: string, text: string) => writeFileSync(join(session.folder, name), text);
    mkdirSync(join(session.folder, "lib"), { recursive: true });
    write("lib/inner.ts", "export const inner: number = 1;");
    write("outer.ts", 'import { inner } from "./lib/inner";\nexport const outer = (): number => inner * 10;');
    write("plain.js", "exports.plain = 5;");
    const code = 'import { outer } from "./outer"; import { plain } from "./plain"; [outer(), plain]';
    assert.equal((await session.run(code)).result, "[ 10, 5 ]");
    write("lib/inner.ts", "export const inner: number = 2;");
    // The change is told by the file system, in its own time.
    let result: string | null = null;
    for (let tries = 0; tries < 50 && result !== "[ 20, 5 ]"; tries++) result = (await session.run(code)).result;
    assert.equal(result, "[ 20, 5 ]");
  });

  test("find a file that comes beside the notebook later, and go on after it", async () => {
    assert.match((await session.run('import { late } from "./late";')).error?.evalue ?? "", /Cannot find module/);
    writeFileSync(join(session.folder, "late.ts"), "export const late: number = 3;");
    let result: string | null = null;
    for (let tries = 0; tries < 50 && result !== "3"; tries++)
      result = (await session.run('import { late } from "./late"; late')).result;
    assert.equal(result, "3");
    assert.equal((await session.run("late + 1")).result, "4");
  });

  test("name the line of a file beside the notebook in which an error was thrown", async () => {
    writeFileSync(
      join(session.folder, "thrower.ts"),
      "// one\nexport function thrower(): never {\n  throw new Error('here');\n}\n",
    );
    const { error } = await session.run('import { thrower } from "./thrower"; thrower();');
    assert.match(error?.traceback ?? "", /at .*thrower \(thrower\.ts:3:9\)/);
  });

  test("import packages of the user's own, typed", async () => {
    const folder = join(session.folder, "node_modules", "mine");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "package.json"),
      '{ "name": "mine", "version": "1.0.0", "main": "index.js", "types": "index.d.ts" }',
    );
    writeFileSync(join(folder, "index.js"), "exports.mine = (n) => n + 1;");
    writeFileSync(join(folder, "index.d.ts"), "export function mine(n: number): number;");
    assert.equal((await session.run('import { mine } from "mine"; mine(1)')).result, "2");
    assert.match((await session.run("mine('a')")).error?.evalue ?? "", /not assignable to parameter of type 'number'/);
  });

  test("can be modules for other cells", async () => {
    await session.run("/** @module twice */\nexport const twice = (n: number): number => 2 * n;");
    assert.equal((await session.run('import { twice } from "./twice"; twice(4)')).result, "8");
  });

  test("show their last value: text as it is, values as Node prints them, nothing of undefined", async () => {
    const cases: [string, string | null][] = [
      ["'a\\nb'", "a\nb"],
      ["({ a: [1, 2] })", "{ a: [ 1, 2 ] }"],
      ["undefined", null],
      ["const y = 1", null],
      ["() => 1", "[Function (anonymous)]"],
      ["#!/usr/bin/env node\n2", "2"],
      ["({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'own' }) })", "own"],
    ];
    for (const [code, result] of cases) assert.equal((await session.run(code)).result, result, code);
  });
});

describe("the end of the cells' process", () => {
  test("is reported in the cell with what it wrote last; the kernel goes on in a new one", async () => {
    const session = await Session.start();
    try {
      await session.run("const kept = 1;");
      const { status, error } = await session.run(
        "require('node:child_process').execSync('echo F0000 check failed >&2', { stdio: 'inherit' }); process.abort();",
      );
      assert.deepEqual([status, error?.ename], ["error", "ProcessEnded"]);
      assert.match(
        error?.evalue ?? "",
        /^The process in which the cells run ended with SIGABRT\. Its variables are gone/,
      );
      assert.match(error?.traceback ?? "", /check failed/);
      assert.match((await session.run("kept")).error?.evalue ?? "", /Cannot find name 'kept'/);
      const { result, count } = await session.run("7");
      assert.deepEqual([result, count], ["7", 4]);
    } finally {
      await session.close();
    }
  });
});
