import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { downloadFile, type DownloadProgress } from "../../src/datasets/cifar/download-file";
import { fileServer, serve, type Behaviour } from "./http-server";

const content = randomBytes(300_000);
const md5 = createHash("md5").update(content).digest("hex");
const root = mkdtempSync(join(tmpdir(), "gradamp-download-"));
after(() => rmSync(root, { recursive: true }));
let count = 0;

async function download(
  behaviour: Behaviour,
  options: { /** A first download that gives up at its first failure. */ earlier?: boolean; patience?: number } = {},
) {
  const server = await serve(behaviour);
  const destination = join(root, `${count++}`, "file");
  // As if by another process, which gave up at its first failure.
  if (options.earlier) await assert.rejects(downloadFile(server.url, destination, { md5, attempts: 1 }));
  const progress: DownloadProgress[] = [];
  try {
    await downloadFile(server.url, destination, {
      md5,
      backoff: 5,
      attempts: 3,
      patience: options.patience ?? 5000,
      onProgress: (at) => progress.push(at),
    });
    assert.deepEqual(readFileSync(destination), content);
    assert.equal(existsSync(`${destination}.part`), false);
    assert.equal(existsSync(`${destination}.part.json`), false);
  } catch (error) {
    assert.equal(existsSync(destination), false);
    throw error;
  } finally {
    await server.close();
  }
  return { requests: server.requests, progress };
}

test("a file arrives whole, with progress to its end", async () => {
  const { requests, progress } = await download(fileServer(content));
  assert.equal(requests.length, 1);
  assert.deepEqual(progress[0], { done: 0, total: 300_000 });
  assert.deepEqual(progress.at(-1), { done: 300_000, total: 300_000 });
});

test("a connection that breaks off midway is resumed where it ended", async () => {
  const { requests, progress } = await download(
    fileServer(content, { breakAfter: (n) => (n < 3 ? 70_000 : Infinity) }),
  );
  assert.equal(requests.length, 4);
  assert.deepEqual(
    requests.map(({ range }) => range),
    [undefined, "bytes=70000-", "bytes=140000-", "bytes=210000-"],
  );
  assert.deepEqual(
    requests.map((headers) => headers["if-range"]),
    [undefined, '"one"', '"one"', '"one"'],
  );
  const done = progress.map((at) => at.done);
  assert.deepEqual(
    done,
    [...done].sort((a, b) => a - b),
    "progress never goes back",
  );
});

test("a later process goes on with what an earlier one left", async () => {
  const { requests } = await download(fileServer(content, { breakAfter: (n) => (n === 0 ? 100_000 : Infinity) }), {
    earlier: true,
  });
  assert.deepEqual(
    requests.map(({ range }) => range),
    [undefined, "bytes=100000-"],
  );
});

test("a server that ignores ranges is read from the start", async () => {
  const { requests } = await download(
    fileServer(content, { ranges: false, breakAfter: (n) => (n === 0 ? 90_000 : Infinity) }),
  );
  assert.equal(requests[1]!.range, "bytes=90000-");
});

test("a file that changed meanwhile is begun anew", async () => {
  const other = randomBytes(300_000);
  const old = fileServer(other, { breakAfter: () => 80_000, etag: () => '"old"' });
  const now = fileServer(content, { etag: () => '"new"' });
  const { requests } = await download((request, response, n) => (n === 0 ? old : now)(request, response, n));
  assert.deepEqual([requests.length, requests[1]!["if-range"]], [2, '"old"']);
});

test("resumed bytes that turn out wrong, for want of an ETag, are fetched again as a whole", async () => {
  const old = fileServer(randomBytes(300_000), { breakAfter: () => 80_000, etag: () => null });
  const now = fileServer(content, { etag: () => null });
  const { requests } = await download((request, response, n) => (n === 0 ? old : now)(request, response, n));
  assert.deepEqual(
    requests.map(({ range }) => range),
    [undefined, "bytes=80000-", undefined],
  );
});

test("wrong bytes are an error with both sums, and are not kept", async () => {
  const wrong = Buffer.from("something else");
  const sum = createHash("md5").update(wrong).digest("hex");
  await assert.rejects(
    download(fileServer(wrong)),
    (error: Error) => error.message.includes(`Expected MD5 ${md5}`) && error.message.includes(`but found ${sum}`),
  );
  assert.equal(existsSync(join(root, `${count - 1}`, "file.part")), false);
});

test("a server error is retried, a refusal is not", async () => {
  const good = fileServer(content);
  const { requests } = await download((request, response, n) =>
    n < 2 ? void response.writeHead(503).end() : good(request, response, n),
  );
  assert.equal(requests.length, 3);
  let asked = 0;
  await assert.rejects(
    download((_, response) => {
      asked++;
      response.writeHead(404).end();
    }),
    /the server answered 404 Not Found: give another address by --url/,
  );
  assert.equal(asked, 1);
});

test("attempts in a row that bring nothing end the download and keep what arrived", async () => {
  await assert.rejects(
    download(fileServer(content, { breakAfter: (n) => (n === 0 ? 50_000 : 0) })),
    /3 attempts in a row brought nothing .* what has arrived is kept/,
  );
  assert.equal(readFileSync(join(root, `${count - 1}`, "file.part")).length, 50_000);
});

test("a connection that falls silent counts as broken", async () => {
  const good = fileServer(content);
  const { requests } = await download(
    (request, response, n) => {
      if (n > 0) return good(request, response, n);
      response.writeHead(200, { "content-length": content.length, etag: '"one"' });
      response.write(content.subarray(0, 60_000));
    },
    { patience: 300 },
  );
  assert.equal(requests[1]!.range, "bytes=60000-");
});

test("a part that is longer than the file is thrown away", async () => {
  const server = await serve(fileServer(content));
  const destination = join(root, "long");
  writeFileSync(`${destination}.part`, randomBytes(400_000));
  writeFileSync(`${destination}.part.json`, JSON.stringify({ url: server.url, tag: '"one"' }));
  await downloadFile(server.url, destination, { md5, backoff: 1 });
  assert.deepEqual(readFileSync(destination), content);
  assert.equal(server.requests.length, 2);
  await server.close();
});

test("each attempt that fails is told with its reason; what cannot pass by itself is not tried again", async () => {
  const notes: string[] = [];
  const options = { md5, attempts: 3, backoff: 5, onNote: (text: string) => notes.push(text) };
  const server = await serve(fileServer(content));
  const { url } = server;
  const folder = join(root, "final");
  mkdirSync(join(folder, "file.part"), { recursive: true });
  await assert.rejects(
    downloadFile(url, join(folder, "file"), options),
    /Expected to write .*file\.part but a folder stands there.*\(EISDIR\)/,
  );
  await assert.rejects(downloadFile("nowhere", join(folder, "b"), options), /give another address by --url/);
  await assert.rejects(downloadFile("gopher://a/b", join(folder, "b"), options), /give another address by --url/);
  assert.deepEqual(notes, []);
  await server.close();
  await assert.rejects(downloadFile(url, join(folder, "c"), options), /3 attempts in a row brought nothing/);
  assert.deepEqual(
    notes.map((note) => /ECONNREFUSED.*; trying again in .* s, (\d) of 2$/.exec(note)?.[1]),
    ["1", "2"],
  );
});
