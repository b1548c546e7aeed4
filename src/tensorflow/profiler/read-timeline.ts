import { BinaryReader } from "google-protobuf";

/** How long an op of a profile took. */
export interface ProfiledOp {
  /** The kernel that ran; oneDNN's begin with `_Mkl`. */
  readonly op: string;
  /** Name of the node in its function; of an op that ran by itself, the op once more. */
  readonly name: string;
  /** Types and shapes of the inputs, as `float[20,32,32,3], float[3,3,3,16]`; empty where they were not noted. */
  readonly inputs: string;
  /** `"CPU"`, where an op of a card's shows the time for launching it, or `"GPU:0"`. */
  readonly device: string;
  /** How often it ran; on a card, kernels launched. */
  readonly count: number;
  /** Milliseconds, all its runs together; ops that run side by side count in full each. */
  readonly totalMs: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Readers = Readonly<Record<number, (reader: BinaryReader) => void>>;

/** Reads the fields of a message that have a reader, and passes over the others. */
function readFields(bytes: Uint8Array, readers: Readers): void {
  const reader = BinaryReader.alloc(bytes);
  while (reader.nextField()) (readers[reader.getFieldNumber()] ?? ((other) => other.skipField()))(reader);
  reader.free();
}

/**
 * Adds up the ops of a serialized tensorflow.profiler.XSpace, the slowest first.
 *
 * Among the events are also the executor's own, whose names are not `node:Op`; they hold ops within them and are left out.
 */
export function readTimeline(space: Uint8Array): ProfiledOp[] {
  const ops = new Map<string, Mutable<ProfiledOp>>();
  const add = (event: Event, plane: Plane) => {
    const name = plane.isCard ? event.stats.get("tf_op") : event.name;
    const parts = /^([^:]+):([A-Za-z_]\w*)$/.exec(name ?? "");
    if (!parts) return;
    const inputs = (event.stats.get("shape") ?? "").replace(/^\(|\)$/g, "").replaceAll(";", ", ");
    const key = `${plane.device} ${name} ${inputs}`;
    const known = ops.get(key) ?? {
      op: parts[2]!,
      name: parts[1]!,
      inputs,
      device: plane.device,
      count: 0,
      totalMs: 0,
    };
    known.count++;
    known.totalMs += event.picoseconds / 1e9;
    ops.set(key, known);
  };
  readFields(space, { 1: (reader) => readPlane(reader.readBytes() as Uint8Array, add) });
  return [...ops.values()].sort((a, b) => b.totalMs - a.totalMs);
}

interface Plane {
  readonly device: string;
  readonly isCard: boolean;
}

interface Event {
  readonly name: string;
  readonly picoseconds: number;
  readonly stats: ReadonlyMap<string, string>;
}

/** One device's events; names and strings stand apart from them, in tables. */
function readPlane(bytes: Uint8Array, add: (event: Event, plane: Plane) => void): void {
  const lines: Uint8Array[] = [];
  const eventNames = new Map<number, string>();
  const statNames = new Map<number, string>();
  let name = "";
  readFields(bytes, {
    2: (reader) => (name = reader.readString()),
    3: (reader) => lines.push(reader.readBytes() as Uint8Array),
    4: (reader) => readTableEntry(reader.readBytes() as Uint8Array, eventNames),
    5: (reader) => readTableEntry(reader.readBytes() as Uint8Array, statNames),
  });
  const card = /^\/device:(GPU:\d+)/.exec(name)?.[1];
  if (card === undefined && !name.startsWith("/host:CPU")) return;
  const plane: Plane = { device: card ?? "CPU", isCard: card !== undefined };
  for (const line of lines)
    readFields(line, {
      4: (reader) => add(readEvent(reader.readBytes() as Uint8Array, eventNames, statNames), plane),
    });
}

function readTableEntry(bytes: Uint8Array, table: Map<number, string>): void {
  let id = 0;
  let name = "";
  readFields(bytes, {
    1: (reader) => (id = reader.readInt64()),
    2: (reader) => readFields(reader.readBytes() as Uint8Array, { 2: (value) => (name = value.readString()) }),
  });
  table.set(id, name);
}

function readEvent(
  bytes: Uint8Array,
  eventNames: ReadonlyMap<number, string>,
  statNames: ReadonlyMap<number, string>,
): Event {
  let name = "";
  let picoseconds = 0;
  const stats = new Map<string, string>();
  readFields(bytes, {
    1: (reader) => (name = eventNames.get(reader.readInt64()) ?? ""),
    3: (reader) => (picoseconds = reader.readInt64()),
    4: (reader) => {
      let key = "";
      let text: string | undefined;
      readFields(reader.readBytes() as Uint8Array, {
        1: (value) => (key = statNames.get(value.readInt64()) ?? ""),
        5: (value) => (text = value.readString()),
        7: (value) => (text = statNames.get(value.readUint64())),
      });
      if (text !== undefined) stats.set(key, text);
    },
  });
  return { name, picoseconds, stats };
}
