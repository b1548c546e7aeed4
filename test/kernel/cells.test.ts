import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
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
