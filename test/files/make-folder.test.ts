import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { makeFolder } from "../../src/files/make-folder";
import { packageRoot } from "../../src/files/package-root";
import { readJson, readText } from "../../src/files/read-text";
import { runNode } from "../support/run-node";

const base = mkdtempSync(join(tmpdir(), "gradamp-folder-"));
after(() => rmSync(base, { recursive: true, force: true }));

test("a folder is made with those above it, and one that is there is left as it is", () => {
  makeFolder(join(base, "a", "b", "c"));
  makeFolder(join(base, "a", "b"));
  makeFolder("/");
  assert.ok(statSync(join(base, "a", "b", "c")).isDirectory());
});

test("what stands in the way is named with the remedy", () => {
  writeFileSync(join(base, "file"), "");
  symlinkSync(join(base, "nowhere"), join(base, "dangling"));
  const wrong: [string, RegExp][] = [
    [join(base, "file"), /Expected to write .*file but a file stands where a folder is needed.*\(EEXIST\)/],
    [join(base, "file", "x", "y"), /a file stands where a folder is needed.*\(ENOTDIR\)/],
    [join(base, "dangling", "x"), /Expected to write .*dangling but a file stands where a folder is needed/],
    [join(base, "x".repeat(300)), /the name is too long: choose a shorter one \(ENAMETOOLONG\)/],
  ];
  for (const [path, message] of wrong) assert.throws(() => makeFolder(path), message);
});

test(
  "where the system answers ENOENT in a folder that is there, it ends at once",
  { skip: !existsSync("/proc/self") },
  () => {
    const made = join(__dirname, "..", "..", "src", "files", "make-folder.js");
    const program = `try { require(${JSON.stringify(made)}).makeFolder("/proc/x/y"); } catch (error) { console.log(error.message); }`;
    // In a process of its own: what fails here would not come back.
    const { stdout, status } = runNode(["-e", program], { timeout: 20_000 });
    assert.equal(status, 0);
    assert.match(stdout, /Expected to write \/proc\/x but there is no such folder, and none can be made there/);
  },
);

test("JSON is read with a byte-order mark and carriage returns; what is none, or not there, is named", () => {
  const file = (name: string, content: string) => {
    writeFileSync(join(base, name), content);
    return join(base, name);
  };
  assert.deepEqual(readJson(file("bom.json", '\ufeff{\r\n"a": 1\r\n}\r\n')), { a: 1 });
  assert.equal(readText(file("bom.txt", "\ufeffa\r\n")), "a\r\n");
  assert.throws(() => readJson(file("empty.json", "")), /Expected .*empty\.json to hold JSON but found nothing in it/);
  assert.throws(() => readJson(file("no.json", "{a")), /Expected .*no\.json to hold JSON but found no JSON: /);
  assert.throws(() => readJson(join(base, "none.json")), /Expected to read .*none\.json but there is no such file/);
  assert.throws(() => readJson(base), /Expected to read .* but it is a folder and no file: check the path \(EISDIR\)/);
});

test("no other file of gradamp makes folders with Node's recursive mkdir", () => {
  const source = join(packageRoot(), "src");
  const found = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && /\bmkdir(Sync)?\([^;]*recursive/.test(readFileSync(join(source, file), "utf8")),
  );
  assert.deepEqual(found, []);
});
