import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, type Connection } from "../../../src/kernel/protocol/connection";
import { decodeMessage, encodeMessage, type Message, newHeader } from "../../../src/kernel/protocol/message";

const message: Message = {
  identities: [Buffer.from("client"), Buffer.from([0, 255])],
  header: newHeader("execute_request", "session"),
  parent: {},
  metadata: { cellId: "a" },
  content: { code: "'ü🦔'" },
};
const frames = (key: string) => encodeMessage(key, message).map((frame) => Buffer.from(frame));

test("a message comes back as it was sent, with the same key or without any", () => {
  for (const key of ["secret", ""]) assert.deepEqual(decodeMessage(key, frames(key)), message);
});

test("a message signed with another key, changed or cut short is refused", () => {
  assert.throws(() => decodeMessage("other", frames("secret")), /found another signature/);
  const changed = frames("secret");
  changed[changed.length - 1] = Buffer.from("{}");
  assert.throws(() => decodeMessage("secret", changed), /found another signature/);
  assert.throws(() => decodeMessage("secret", frames("secret").slice(0, -1)), /of 5 parts but found 4/);
  assert.throws(() => decodeMessage("", [Buffer.from("hello")]), /without a delimiter/);
});

test("addresses part host and port as Jupyter does", () => {
  const connection = { ip: "127.0.0.1", shell_port: 5 } as Connection;
  assert.equal(addressOf({ ...connection, transport: "tcp" }, "shell"), "tcp://127.0.0.1:5");
  assert.equal(addressOf({ ...connection, transport: "ipc", ip: "/tmp/k" }, "shell"), "ipc:///tmp/k-5");
});
