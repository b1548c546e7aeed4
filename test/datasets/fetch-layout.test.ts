import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { Header } from "tar";
import { downloadDataset, verifyDataset } from "../../src/datasets";
import { fetchLayout } from "../../src/datasets/cifar/fetch-layout";
import { loadCifar } from "../../src/datasets/cifar/load-cifar";
import { verifyLayout } from "../../src/datasets/cifar/verify-layout";
import { fileServer, serve } from "./http-server";
import { smallCifar, type SmallCifar } from "./small-cifar";

interface Entry {
  path: string;
  content?: Buffer;
  type?: "File" | "SymbolicLink" | "Link" | "CharacterDevice" | "Directory" | "FIFO";
  linkpath?: string;
}

/** A gzipped tar of whatever entries, however wicked. */
function archive(entries: readonly Entry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { path, content = Buffer.alloc(0), type = "File", linkpath = "" } of entries) {
    const block = Buffer.alloc(512);
    new Header({ path, type, linkpath, size: content.length, mode: 0o644, mtime: new Date(0) }).encode(block, 0);
    blocks.push(block, content, Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const good = (set: SmallCifar): Entry[] => [
  { path: "cifar-100-binary/", type: "Directory" },
  ...[...set.contents].map(([name, content]) => ({ path: `cifar-100-binary/${name}`, content })),
];

/** Serves an archive as the set's own, and fetches it into a new folder. */
async function fetchArchive(set: SmallCifar, bytes: Buffer, behaviour = fileServer(bytes)) {
  const server = await serve(behaviour);
  const md5 = createHash("md5").update(bytes).digest("hex");
  const layout = { ...set.layout, archive: { ...set.layout.archive, md5 } };
  const fetchOnce = () => fetchLayout(layout, set.dir, { url: server.url, backoff: 5 });
  try {
    return { first: await fetchOnce(), second: await fetchOnce(), requests: server.requests.length };
  } finally {
    await server.close();
  }
}

const filesBelow = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]))
    .sort();

test("an archive is fetched over a breaking line, unpacked, checked, read; a second call finds it there", async () => {
  const set = smallCifar(2);
  const bytes = archive(good(set));
  const half = Math.floor(bytes.length / 2);
  const { first, second, requests } = await fetchArchive(
    set,
    bytes,
    fileServer(bytes, { breakAfter: (n) => (n === 0 ? half : Infinity) }),
  );
  assert.deepEqual([first.downloaded, second.downloaded, requests], [true, false, 2]);
  assert.deepEqual(filesBelow(set.dir), [...set.contents.keys()].sort(), "neither archive nor parts are left");
  assert.ok((await verifyLayout(set.layout, set.dir)).every(({ ok }) => ok));
  const data = await loadCifar(set.layout, { dir: set.dir, split: "train-test", labels: "fine" });
  assert.equal(data.train.size, 200);
  data.dispose();
  rmSync(set.dir, { recursive: true });
});

test("of a wicked archive only the expected plain files are taken, and nothing is written elsewhere", async () => {
  const set = smallCifar(2);
  const outside = mkdtempSync(join(tmpdir(), "gradamp-outside-"));
  const evil = Buffer.from("evil");
  const depth = "../".repeat(20);
  const { first } = await fetchArchive(
    set,
    archive([
      { path: join(outside, "absolute"), content: evil },
      { path: `${depth}${outside.slice(1)}/dots`, content: evil },
      { path: `cifar-100-binary/../../${depth}${outside.slice(1)}/inner`, content: evil },
      { path: "cifar-100-binary/link", type: "SymbolicLink", linkpath: outside },
      { path: "cifar-100-binary/link/through", content: evil },
      { path: "cifar-100-binary/hard", type: "Link", linkpath: "/etc/passwd" },
      { path: "cifar-100-binary/device", type: "CharacterDevice" },
      { path: "cifar-100-binary/pipe", type: "FIFO" },
      { path: "cifar-100-binary/extra.bin", content: evil },
      { path: "train_1.bin", content: evil },
      { path: "elsewhere/train_1.bin", content: evil },
      // Links that bear the expected names come first; the plain files after them count.
      { path: "cifar-100-binary/train_1.bin", type: "SymbolicLink", linkpath: join(outside, "target") },
      { path: "cifar-100-binary/train_2.bin", type: "Link", linkpath: join(outside, "target") },
      ...good(set),
      { path: "cifar-100-binary/train_1.bin", content: evil },
    ]),
  );
  assert.equal(first.downloaded, true);
  assert.deepEqual(filesBelow(outside), []);
  assert.deepEqual(filesBelow(set.dir), [...set.contents.keys()].sort());
  for (const [name, content] of set.contents)
    assert.deepEqual(readFileSync(join(set.dir, "cifar-100-binary", name)), content);
  rmSync(set.dir, { recursive: true });
  rmSync(outside, { recursive: true });
});

for (const [what, change, message] of [
  [
    "a link in place of a file",
    (entry: Entry): Entry => ({ path: entry.path, type: "SymbolicLink", linkpath: "/etc/passwd" }),
    /test.bin in .* but found no such file/,
  ],
  [
    "a shorter file",
    (entry: Entry): Entry => ({ ...entry, content: entry.content!.subarray(1) }),
    /test.bin in .* to hold 307400 bytes but found 307399/,
  ],
  [
    "a longer file",
    (entry: Entry): Entry => ({ ...entry, content: Buffer.concat([entry.content!, Buffer.alloc(9)]) }),
    /to hold 307400 bytes but found 307409/,
  ],
  [
    "other content",
    (entry: Entry): Entry => ({ ...entry, content: Buffer.alloc(307_400) }),
    /Expected SHA-256 [0-9a-f]{64} of .*test.bin .* but found/,
  ],
] as const)
  test(`${what} in the archive is an error that names it, and no file of the set appears`, async () => {
    const set = smallCifar(2);
    const entries = good(set).map((entry) => (entry.path.endsWith("/test.bin") ? change(entry) : entry));
    await assert.rejects(fetchArchive(set, archive(entries)), { message });
    assert.equal(existsSync(join(set.dir, "cifar-100-binary")), false);
    assert.equal(
      filesBelow(set.dir).some((name) => name.endsWith(".bin")),
      false,
    );
    rmSync(set.dir, { recursive: true });
  });

test("a truncated archive whose sum was given out for it is an error as well", async () => {
  const set = smallCifar(2);
  const whole = archive(good(set));
  await assert.rejects(fetchArchive(set, whole.subarray(0, whole.length - 200)), Error);
  assert.equal(existsSync(join(set.dir, "cifar-100-binary")), false);
  rmSync(set.dir, { recursive: true });
});

test("a damaged file is found by verifying and mended by downloading", async () => {
  const set = smallCifar(2);
  const bytes = archive(good(set));
  await fetchArchive(set, bytes);
  const path = join(set.dir, "cifar-100-binary", "train_2.bin");
  appendFileSync(path, "x");
  const longer = (await verifyLayout(set.layout, set.dir)).filter(({ ok }) => !ok);
  assert.deepEqual(
    longer.map(({ foundSize, foundSha256 }) => [foundSize, foundSha256]),
    [[307_401, null]],
  );
  writeFileSync(path, Buffer.alloc(307_400));
  const changed = (await verifyLayout(set.layout, set.dir)).filter(({ ok }) => !ok);
  assert.equal(changed[0]!.foundSha256, createHash("sha256").update(Buffer.alloc(307_400)).digest("hex"));
  assert.equal((await fetchArchive(set, bytes)).first.downloaded, true);
  assert.ok((await verifyLayout(set.layout, set.dir)).every(({ ok }) => ok));
  rmSync(set.dir, { recursive: true });
});

test("two at once download once", async () => {
  const set = smallCifar(2);
  const bytes = archive(good(set));
  const server = await serve(fileServer(bytes));
  const layout = {
    ...set.layout,
    archive: { ...set.layout.archive, md5: createHash("md5").update(bytes).digest("hex") },
  };
  const both = await Promise.all([1, 2].map(() => fetchLayout(layout, set.dir, { url: server.url })));
  assert.deepEqual(both.map(({ downloaded }) => downloaded).sort(), [false, true]);
  assert.equal(server.requests.length, 1);
  await server.close();
  rmSync(set.dir, { recursive: true });
});

test("an unknown name is a RangeError", async () => {
  await assert.rejects(downloadDataset("mnist"), {
    name: "RangeError",
    message: /cifar-10 or cifar-100 but found mnist/,
  });
  await assert.rejects(verifyDataset("mnist"), { name: "RangeError" });
});

test("what doctor asks about data sets loads no TensorFlow", () => {
  const script = `
    const { presentDatasets } = require("./dist/src/datasets/cifar/present-datasets");
    console.log(JSON.stringify([presentDatasets("/nowhere"), Object.keys(require.cache).filter((path) => path.includes("tfjs"))]));`;
  const { stdout } = spawnSync(process.execPath, ["-e", script], {
    cwd: join(__dirname, "../../.."),
    encoding: "utf8",
  });
  assert.deepEqual(JSON.parse(stdout), [
    [
      { name: "cifar-10", path: "/nowhere/cifar-10-batches-bin", present: false, problem: null },
      { name: "cifar-100", path: "/nowhere/cifar-100-binary", present: false, problem: null },
    ],
    [],
  ]);
});
