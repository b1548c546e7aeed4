import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileServer, serve } from "../datasets/http-server";

const root = mkdtempSync(join(tmpdir(), "gradamp-data-"));
after(() => rmSync(root, { recursive: true }));

/** Runs `gradamp data …` in a process of its own. */
async function data(...words: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const script = `
    process.argv.splice(1, 0, "gradamp", "data");
    process.on("exit", () => {
      if (Object.keys(require.cache).some((path) => path.includes("tfjs"))) console.error("TensorFlow was loaded");
    });
    require("./bin/gradamp.cjs");`;
  const child = spawn(process.execPath, ["-e", script, "--", ...words], {
    cwd: join(__dirname, "../../.."),
    env: { ...process.env, GRADAMP_DATA: root },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  assert.ok(!stderr.includes("TensorFlow was loaded"), "no data command loads TensorFlow");
  return { status, stdout, stderr };
}

test("list names each set and where it would be, as text and as JSON", async () => {
  const text = await data("list");
  assert.equal(
    text.stdout,
    `absent   cifar-10  ${root}/cifar-10-batches-bin\nabsent   cifar-100  ${root}/cifar-100-binary\n`,
  );
  const json = await data("list", "--json");
  assert.deepEqual(JSON.parse(json.stdout)[1], {
    name: "cifar-100",
    path: `${root}/cifar-100-binary`,
    present: false,
    problem: null,
  });
});

test("verify exits 1 and says what is missing", async () => {
  const { status, stdout } = await data("verify", "cifar-10", "--json");
  assert.equal(status, 1);
  const { ok, files } = JSON.parse(stdout) as { ok: boolean; files: { foundSize: number | null }[] };
  assert.deepEqual([ok, files.length, files[0]!.foundSize], [false, 7, null]);
  const none = await data("verify");
  assert.equal(none.status, 1);
  assert.match(none.stderr, /found none: run `gradamp data download cifar-100`/);
});

test("download shows progress on standard error, and fails with one line where other bytes arrive", async () => {
  const server = await serve(fileServer(Buffer.alloc(1_000_000, 7)));
  const { status, stdout, stderr } = await data("download", "cifar-100", "--url", server.url);
  await server.close();
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /cifar-100/);
  assert.match(stderr, /%/);
  assert.match(stderr, /Expected MD5 03b5dce01913d631647c71ecec9e9cb8 of http.* but found [0-9a-f]{32}/);
  assert.ok(!stderr.includes("    at "), "no stack");
});

test("export writes CIFAR's layout", async () => {
  const { status, stdout } = await data("export", join(root, "embedded"));
  assert.equal(status, 0);
  assert.equal(stdout.trim().split("\n").length, 4);
  assert.deepEqual(readdirSync(join(root, "embedded")).sort(), [
    "class_names.txt",
    "test.bin",
    "train.bin",
    "validation.bin",
  ]);
});

test("an unknown set is an error that names those there are", async () => {
  const { status, stderr } = await data("download", "mnist");
  assert.equal(status, 1);
  assert.match(stderr, /Expected the data set to be cifar-10 or cifar-100 but found mnist/);
});

test("a set of which only a part is there is damaged, and verify says so unasked", async () => {
  const dir = mkdtempSync(join(root, "part-"));
  mkdirSync(join(dir, "cifar-100-binary"));
  writeFileSync(join(dir, "cifar-100-binary", "train.bin"), "cut");
  const list = await data("list", "--dir", dir);
  assert.match(list.stdout, /^damaged  cifar-100 {2}.*: train\.bin has 3 bytes instead of 153700000$/m);
  const verified = await data("verify", "--dir", dir);
  assert.equal(verified.status, 1);
  assert.match(verified.stdout, /^wrong {4}.*train\.bin: expected 153700000 bytes but found 3$/m);
});

test("a data folder that cannot be written ends at once with the reason", async () => {
  const { status, stderr } = await data("download", "cifar-100", "--dir", "/proc/self/nothing");
  assert.equal(status, 1);
  assert.match(stderr, /^gradamp: Expected to write \/proc\/self\/nothing but .*\n$/);
});
