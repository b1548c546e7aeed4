import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryWriter } from "google-protobuf";
import { readTimeline } from "../../../src/tensorflow/profiler/read-timeline";

type Write = (writer: BinaryWriter) => void;

function message(...fields: Write[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const field of fields) field(writer);
  return writer.getResultBuffer();
}
const sub =
  (field: number, ...fields: Write[]): Write =>
  (writer) =>
    writer.writeBytes(field, message(...fields));
const text =
  (field: number, value: string): Write =>
  (writer) =>
    writer.writeString(field, value);
const whole =
  (field: number, value: number): Write =>
  (writer) =>
    writer.writeInt64(field, value);
/** An entry of the table of events (4) or of stats (5). */
const entry = (table: number, id: number, name: string) =>
  sub(table, whole(1, id), sub(2, whole(1, id), text(2, name)));
const event = (id: number, picoseconds: number, ...stats: Write[]) =>
  sub(4, whole(1, id), whole(2, 12345), whole(3, picoseconds), ...stats);

test("events are added up by node and by the shapes of its inputs; the executor's own are left out", () => {
  const shape = (id: number) => sub(4, whole(1, 1), whole(7, id));
  const host = sub(
    1,
    text(2, "/host:CPU"),
    sub(3, text(2, "a thread"), event(1, 2e9, shape(2)), event(2, 9e9), event(3, 8e9), event(4, 7e9)),
    sub(3, text(2, "another"), event(1, 3e9, shape(2)), event(1, 1e9, shape(3)), event(5, 6e9)),
    entry(4, 1, "loop/body/n7:Conv2D"),
    entry(4, 2, "ExecutorState::Process"),
    entry(4, 3, "EagerLocalExecute: Conv2D"),
    entry(4, 4, "FunctionRun"),
    entry(4, 5, "Add:Add"),
    entry(5, 1, "shape"),
    entry(5, 2, "(float[2,3];int32[])"),
    entry(5, 3, "(float[4,3];int32[])"),
  );
  const other = sub(1, text(2, "Task Environment"), sub(3, event(1, 1e12)), entry(4, 1, "a:Add"));
  assert.deepEqual(readTimeline(message(host, other)), [
    { op: "Add", name: "Add", inputs: "", device: "CPU", count: 1, totalMs: 6 },
    { op: "Conv2D", name: "loop/body/n7", inputs: "float[2,3], int32[]", device: "CPU", count: 2, totalMs: 5 },
    { op: "Conv2D", name: "loop/body/n7", inputs: "float[4,3], int32[]", device: "CPU", count: 1, totalMs: 1 },
  ]);
});

test("a card's kernels count for the op that launched them", () => {
  const card = sub(
    1,
    text(2, "/device:GPU:0"),
    sub(
      3,
      text(2, "Stream #13"),
      event(1, 4e9, sub(4, whole(1, 1), whole(7, 2))),
      event(2, 1e9, sub(4, whole(1, 1), text(5, "n7:Conv2D"))),
      event(2, 5e9),
    ),
    entry(4, 1, "void implicit_convolve_sgemm<float, 128>"),
    entry(4, 2, "transpose_kernel"),
    entry(5, 1, "tf_op"),
    entry(5, 2, "n7:Conv2D"),
  );
  assert.deepEqual(readTimeline(message(card)), [
    { op: "Conv2D", name: "n7", inputs: "", device: "GPU:0", count: 2, totalMs: 5 },
  ]);
});
