import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import * as ga from "../../src";
import { hashModule, loadModule, locateModule } from "../../src/modules";
import { temporaryFolder } from "../runs/support";

const folder = temporaryFolder({ after } as never);
const write = (name: string, text: string) => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};

describe("what a module exports by default", () => {
  write("lib/half.ts", "export const half = (value: number): number => value / 2;\nexport type Half = number;");
  write("lib/index.mts", 'export { half as again } from "./half.js";\nimport type { Half } from "./half";\nexport const one: Half = 1;'); // prettier-ignore
  write("package/package.json", '{ "type": "module" }');
  write("numbers.json", '{ "seven": 7 }');
  for (const [name, text, expected] of [
    ["typed.ts", "interface A { readonly b: number }\nconst a: A = { b: 3 };\nexport default a.b;", 3],
    ["imports.ts", 'import { half } from "./lib/half";\nexport default half(6);', 3],
    ["compiled-name.ts", 'import { half } from "./lib/half.js";\nexport default half(6);', 3],
    ["folder.ts", 'import { again, one } from "./lib";\nexport default again(6) + one;', 4],
    ["json.ts", 'import numbers from "./numbers.json";\nexport default numbers.seven;', 7],
    ["esm.mts", 'import { half } from "./lib/half.js";\nexport default half(6);', 3],
    ["esm.mjs", 'import { sep } from "node:path";\nexport default sep.length;', 1],
    ["package/esm.js", "export default 5;", 5],
    ["common.js", "module.exports = 6;", 6],
    ["common.cjs", "module.exports = { default: 6 };", 6],
    ["common.cts", 'import path = require("node:path");\nexport = path.sep.length;', 1],
    ["meta.ts", 'import { basename } from "node:path";\nexport default basename(new URL("./x.csv", import.meta.url).pathname);', "x.csv"], // prettier-ignore
    ["lazy.ts", 'export default import("./lib/half").then(({ half }) => half(6));', Promise.resolve(3)],
    ["decorated.ts", "enum Kind { A = 4 }\nexport default Kind.A satisfies number;", 4],
  ] as const)
    test(name, async () => assert.deepEqual(await loadModule(write(name, text)), await expected));

  test("gradamp and tfjs are those of this process", () => {
    const file = write("same.ts", 'import * as ga from "gradamp";\nimport * as tf from "@tensorflow/tfjs";\nimport { sgd } from "gradamp";\nexport default [ga.train, tf, sgd];'); // prettier-ignore
    const [train, tf, sgd] = loadModule(file) as unknown[];
    // The tests' own copy is compiled beside; the package is what users have.
    assert.equal((tf as typeof ga.tf).tensor, ga.tf.tensor);
    assert.deepEqual([typeof train, typeof sgd], ["function", "function"]);
  });

  test("it is run anew each time", () => {
    const file = write("anew.ts", "export default {};\nexport const other = 1;");
    write("anew.ts", "export default { a: 1 };");
    assert.notEqual(loadModule(file), loadModule(file));
  });

  for (const [name, text, message] of [
    ["none.ts", "export const a = 1;", /to have a default export but found none: export default/],
    ["empty.ts", "", /to have a default export but found none/],
    ["broken.ts", "const = 3;\nexport default 1;", /^broken\.ts, line 1: /],
    ["missing.ts", 'import "./nowhere";\nexport default 1;', /Expected \.\/nowhere beside .*missing\.ts, which imports it, but found no such file/], // prettier-ignore
    ["awaits.ts", "export default await Promise.resolve(1);", /no await at the top level of .*awaits\.ts but found one: export a function, which may be async/], // prettier-ignore
    ["throws.ts", 'throw new RangeError("its own");', /^its own$/],
  ] as const)
    test(`${name} is refused`, () => assert.throws(() => loadModule(write(name, text)), { message }));

  test("a file that is not there is named", () => {
    assert.throws(() => loadModule(join(folder, "nowhere.ts")), { name: "RangeError", message: /a module at .*nowhere\.ts but found no such file/ }); // prettier-ignore
    assert.throws(() => locateModule({ module: "nowhere.ts" }, folder), /a module at .*nowhere\.ts but found no such file/); // prettier-ignore
  });
});

test("a hash changes with the module and with whatever it imports, and with nothing else", () => {
  write("deep/c.ts", "export const c = 1;");
  write("deep/b.ts", 'export { c } from "./c";');
  const file = write("deep/a.ts", 'import { c } from "./b.js";\nexport default c;');
  const first = hashModule(file);
  write("deep/other.ts", "export const other = 1;");
  assert.equal(hashModule(file), first);
  write("deep/c.ts", "export const c = 2;");
  const second = hashModule(file);
  assert.notEqual(second, first);
  write("deep/c.ts", "export const c = 1;");
  assert.equal(hashModule(file), first);
  // Wherever it lies.
  for (const name of ["a.ts", "b.ts", "c.ts"]) write(`moved/${name}`, { "a.ts": 'import { c } from "./b.js";\nexport default c;', "b.ts": 'export { c } from "./c";', "c.ts": "export const c = 1;" }[name]!); // prettier-ignore
  assert.equal(hashModule(join(folder, "moved", "a.ts")), first);
});
