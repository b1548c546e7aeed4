import assert from "node:assert/strict";
import { test } from "node:test";
import { ExecutionQueue } from "../../src/kernel/execution-queue";
import { type Message, newHeader } from "../../src/kernel/protocol/message";

const request = (sent: number): Message => ({
  identities: [],
  header: { ...newHeader("execute_request", ""), date: new Date(sent).toISOString() },
  parent: {},
  metadata: {},
  content: {},
});

test("a failure aborts what was sent before it, waiting or still under way, and nothing sent after it", () => {
  const queue = new ExecutionQueue();
  const failed = Date.now();
  const [first, before, behind] = [request(failed - 20), request(failed - 10), request(failed + 1)];
  for (const each of [first, before, behind]) assert.equal(queue.add(each), true);
  assert.equal(queue.next(), first);
  assert.deepEqual(queue.fail(failed), [before]);
  assert.equal(queue.add(request(failed - 5)), false, "it was under way");
  const later = request(failed + 2);
  assert.equal(queue.add(later), true);
  assert.deepEqual([queue.next(), queue.next(), queue.next()], [behind, later, null]);
});
